using System.Collections.Frozen;

namespace AgentPlatform.Executor.Tools.Calculator;

/// <summary>The functions and constants an expression may name.</summary>
internal static class ExpressionFunctions
{
    /// <summary>170! is the last that a double holds.</summary>
    private const int MaxFactorial = 170;

    private static readonly FrozenDictionary<string, Function> Functions = new Dictionary<string, Function>(StringComparer.Ordinal)
    {
        ["sqrt"] = new(1, 1, arguments => Root(arguments[0])),
        ["cbrt"] = One(Math.Cbrt),
        ["abs"] = new(1, 1, arguments => arguments[0].Approximate < 0 ? -arguments[0] : arguments[0]),
        ["sign"] = new(1, 1, arguments => new Number((decimal)Math.Sign(arguments[0].Approximate))),
        ["round"] = new(1, 2, arguments => Round(arguments[0], arguments.Count > 1 ? Whole(arguments[1], 0, 15) : 0)),
        ["floor"] = Rounding(decimal.Floor, Math.Floor),
        ["ceil"] = Rounding(decimal.Ceiling, Math.Ceiling),
        ["trunc"] = Rounding(decimal.Truncate, Math.Truncate),
        ["min"] = new(1, int.MaxValue, arguments => arguments.MinBy(number => number.Approximate)),
        ["max"] = new(1, int.MaxValue, arguments => arguments.MaxBy(number => number.Approximate)),
        ["sum"] = new(1, int.MaxValue, Sum),
        ["avg"] = new(1, int.MaxValue, arguments => Sum(arguments) / new Number((decimal)arguments.Count)),
        ["pow"] = new(2, 2, arguments => Number.Power(arguments[0], arguments[1])),
        ["mod"] = new(2, 2, arguments => Remainder(arguments[0], arguments[1])),
        ["gcd"] = new(2, 2, arguments => CommonDivisor(Integer(arguments[0]), Integer(arguments[1]))),
        ["fact"] = new(1, 1, arguments => Factorial(Whole(arguments[0], 0, MaxFactorial))),
        ["exp"] = One(Math.Exp),
        ["ln"] = new(1, 1, arguments => Logarithm(arguments[0], Math.Log)),
        ["log2"] = new(1, 1, arguments => Logarithm(arguments[0], Math.Log2)),
        ["log10"] = new(1, 1, arguments => Logarithm(arguments[0], Math.Log10)),
        ["log"] = new(2, 2, arguments => Logarithm(arguments[0], Math.Log) / Logarithm(arguments[1], Math.Log)),
        ["sin"] = Circular(Math.Sin),
        ["cos"] = Circular(Math.Cos),
        ["tan"] = Circular(Math.Tan),
        ["asin"] = One(Math.Asin),
        ["acos"] = One(Math.Acos),
        ["atan"] = One(Math.Atan),
        ["atan2"] = new(2, 2, arguments => new Number(Math.Atan2(arguments[0].Approximate, arguments[1].Approximate))),
        ["deg"] = One(x => x * 180 / Math.PI),
        ["rad"] = One(x => x * Math.PI / 180),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Number Constant(string name) => name switch
    {
        "pi" or "π" => new Number(Math.PI),
        "e" => new Number(Math.E),
        _ when Functions.ContainsKey(name) => throw new ToolException($"'{name}' is a function: write {name}(…)."),
        _ => throw new ToolException($"'{Short(name)}' is not known. Put its number in its place; the constants are pi and e."),
    };

    public static Number Call(string name, IReadOnlyList<Number> arguments)
    {
        if (!Functions.TryGetValue(name, out var function))
        {
            throw new ToolException($"There is no function '{Short(name)}'. Known: {string.Join(' ', Functions.Keys.Order(StringComparer.Ordinal))}.");
        }

        if (arguments.Count < function.Min || arguments.Count > function.Max)
        {
            var takes = function.Max == int.MaxValue ? "one or more numbers" : function.Min == function.Max ? $"{function.Min}" : $"{function.Min} or {function.Max}";
            var hint = name == "log" ? " Write ln(x), log10(x) or log(x, base)." : " Write numbers in a call without thousands separators.";
            throw new ToolException($"{name} takes {takes}, not {arguments.Count}.{hint}");
        }

        return function.Body(arguments);
    }

    /// <summary>With the sign of the divisor, as on paper: mod(-7, 3) is 2.</summary>
    public static Number Remainder(Number a, Number b)
    {
        var quotient = a / b;
        var floor = quotient.Exact is { } exact ? new Number(decimal.Floor(exact)) : new Number(Math.Floor(quotient.Approximate));
        return a - (b * floor);
    }

    private static Function One(Func<double, double> body) => new(1, 1, arguments => new Number(body(arguments[0].Approximate)));

    /// <summary>sin(pi) is zero to everyone but a double.</summary>
    private static Function Circular(Func<double, double> body) => One(x => body(x) is var y && Math.Abs(y) < 1e-15 ? 0 : y);

    private static Function Rounding(Func<decimal, decimal> exact, Func<double, double> approximate) => new(1, 1, arguments =>
        arguments[0].Exact is { } value ? new Number(exact(value)) : new Number(approximate(arguments[0].Approximate)));

    private static Number Root(Number value)
    {
        var root = Math.Sqrt(value.Approximate);
        return value.Exact is { } exact && root < 1e14 && (decimal)root is var candidate && candidate * candidate == exact
            ? new Number(candidate)
            : new Number(root);
    }

    /// <summary>Halves away from zero, as people round.</summary>
    private static Number Round(Number value, int digits) => value.Exact is { } exact
        ? new Number(Math.Round(exact, digits, MidpointRounding.AwayFromZero))
        : new Number(Math.Round(value.Approximate, digits, MidpointRounding.AwayFromZero));

    private static Number Sum(IReadOnlyList<Number> numbers) => numbers.Aggregate((a, b) => a + b);

    private static Number Logarithm(Number value, Func<double, double> body) => value.Approximate > 0
        ? new Number(body(value.Approximate))
        : throw new ToolException("A logarithm needs a number greater than zero.");

    private static Number Factorial(int n) => Enumerable
        .Range(1, n)
        .Aggregate(new Number(1m), (product, factor) => product * new Number((decimal)factor));

    private static Number CommonDivisor(decimal a, decimal b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return new Number(Math.Abs(a));
    }

    private static decimal Integer(Number number) => number.Exact is { } exact && exact == decimal.Truncate(exact)
        ? exact
        : throw new ToolException("gcd takes integers.");

    private static int Whole(Number number, int least, int most) =>
        number.Exact is { } exact && exact == decimal.Truncate(exact) && exact >= least && exact <= most
            ? (int)exact
            : throw new ToolException($"Here only an integer from {least} to {most} can stand, not {number}.");

    private static string Short(string name) => name.Length <= 20 ? name : $"{name[..20]}…";

    private sealed record Function(int Min, int Max, Func<IReadOnlyList<Number>, Number> Body);
}
