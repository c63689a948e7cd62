using System.Globalization;

namespace AgentPlatform.Executor.Tools.Calculator;

/// <summary>
/// A decimal while a decimal can hold the value to its full precision, else a double. People check a calculator against
/// paper: 0.1 + 0.2 is 0.3, and a third times three is one.
/// </summary>
internal readonly record struct Number
{
    /// <summary>Below this a decimal's 28 places leave too few significant digits.</summary>
    private const decimal Tiny = 1e-12m;

    private const int MaxPlaces = 28;

    private readonly decimal? _exact;
    private readonly double _approximate;

    public Number(decimal value)
    {
        _exact = value;
        _approximate = (double)value;
    }

    /// <exception cref="ToolException">The value is infinite or not a number.</exception>
    public Number(double value)
    {
        _approximate = double.IsFinite(value)
            ? value
            : throw new ToolException(double.IsNaN(value) ? "The result is not a real number." : "The result is too large to write down.");
    }

    /// <summary>Null when only the approximation is known.</summary>
    public decimal? Exact => _exact;

    public double Approximate => _approximate;

    public bool IsZero => _exact == 0 || _approximate == 0;

    public static Number operator +(Number a, Number b) => Combine(a, b, decimal.Add, (x, y) => x + y);

    public static Number operator -(Number a, Number b) => Combine(a, b, decimal.Subtract, (x, y) => x - y);

    public static Number operator -(Number a) => a._exact is { } exact ? new(-exact) : new(-a._approximate);

    public static Number operator *(Number a, Number b) =>
        a._exact is { } x && b._exact is { } y && x.Scale + y.Scale > MaxPlaces && Math.Abs(a._approximate * b._approximate) < (double)Tiny
            ? new(a._approximate * b._approximate)
            : Combine(a, b, decimal.Multiply, (p, q) => p * q);

    /// <exception cref="ToolException"><paramref name="b"/> is zero.</exception>
    public static Number operator /(Number a, Number b) =>
        b.IsZero ? throw new ToolException("Division by zero: the expression has no value.")
        : !a.IsZero && Math.Abs(a._approximate / b._approximate) < (double)Tiny ? new(a._approximate / b._approximate)
        : Combine(a, b, decimal.Divide, (x, y) => x / y);

    /// <exception cref="ToolException">Zero to a negative power, a root of a negative number, or too large.</exception>
    public static Number Power(Number a, Number b)
    {
        if (a.IsZero && b._approximate < 0)
        {
            throw new ToolException("Division by zero: zero has no negative power.");
        }

        // Squaring needs at most ten steps here; anything larger leaves the range of a decimal or is 1.
        return a._exact is not null && b._exact is { } n && n == decimal.Truncate(n) && Math.Abs(n) <= 1000
            && Math.Abs(Math.Pow(a._approximate, (double)Math.Abs(n))) is var size && size < (double)decimal.MaxValue && (a.IsZero || size > (double)Tiny)
            ? n < 0 ? new Number(1m) / Square(a, (int)-n) : Square(a, (int)n)
            : new(Math.Pow(a._approximate, b._approximate));
    }

    /// <summary>Plain digits where they fit; an approximation to 15 significant digits.</summary>
    public override string ToString()
    {
        if (_exact is { } exact)
        {
            return Plain(exact);
        }

        var size = Math.Abs(_approximate);
        return size is > 1e-10 and < 1e15 or 0
            ? Plain((decimal)_approximate)
            : _approximate.ToString("G15", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
    }

    private static string Plain(decimal value)
    {
        // A fraction that fills a decimal was cut by it, as 1/3 is: show what is certain.
        var full = value.Scale >= 26 || (value.Scale > 0 && (double)Math.Abs(value) * Math.Pow(10, value.Scale) > 1e26);
        if (full)
        {
            var whole = Math.Abs(value) < 1 ? 0 : (int)Math.Floor(Math.Log10((double)Math.Abs(value))) + 1;
            value = Math.Round(value, Math.Clamp(16 - whole, 6, MaxPlaces));
        }

        var text = value.ToString(CultureInfo.InvariantCulture);
        text = text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
        return text is "-0" ? "0" : text;
    }

    private static Number Square(Number value, int exponent)
    {
        var result = new Number(1m);
        for (; exponent > 0; exponent >>= 1)
        {
            result = (exponent & 1) == 1 ? result * value : result;
            value = exponent > 1 ? value * value : value;
        }

        return result;
    }

    private static Number Combine(Number a, Number b, Func<decimal, decimal, decimal> exact, Func<double, double, double> approximate)
    {
        if (a._exact is { } x && b._exact is { } y)
        {
            try
            {
                return new(exact(x, y));
            }
            catch (OverflowException)
            {
                // Larger than a decimal: go on approximately.
            }
        }

        return new(approximate(a._approximate, b._approximate));
    }
}
