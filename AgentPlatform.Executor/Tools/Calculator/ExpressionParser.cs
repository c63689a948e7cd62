namespace AgentPlatform.Executor.Tools.Calculator;

/// <summary>
/// Evaluates arithmetic by precedence climbing while it reads: linear in the length, of bounded depth, and with
/// nothing within its reach but numbers.
/// From loose to tight: <c>+ -</c>, <c>* / % of</c>, sign, <c>^</c> (to the right), percent.
/// </summary>
internal sealed class ExpressionParser(string expression)
{
    private const int MaxDepth = 64;

    private static readonly Number Hundred = new(100m);

    private readonly ExpressionReader _reader = new(expression);
    private int _depth;

    /// <exception cref="ToolException">It is too long or no arithmetic, or has no value; the text tells what to change.</exception>
    public Number Evaluate()
    {
        if (_reader.AtEnd)
        {
            throw new ToolException("The expression is empty. Example: 2340*17/100 + 3^4");
        }

        var value = Sum();
        // "2+2=" and "2+2=?" ask for the same thing as "2+2".
        if (_reader.Take('='))
        {
            _reader.Take('?');
        }

        return _reader.AtEnd ? value : throw _reader.Unexpected();
    }

    private Number Sum()
    {
        var left = Product();
        while (true)
        {
            if (_reader.Take('+'))
            {
                left += Product();
            }
            else if (_reader.Take('-'))
            {
                left -= Product();
            }
            else
            {
                return left;
            }
        }
    }

    private Number Product()
    {
        var left = Signed();
        while (true)
        {
            if (_reader.Take('*') || _reader.TakeOf())
            {
                left *= Signed();
            }
            else if (_reader.Take('/'))
            {
                left /= Signed();
            }
            else if (_reader.Take('%'))
            {
                // A percent sign that ends its operand was taken with it: this one stands between two.
                left = ExpressionFunctions.Remainder(left, Signed());
            }
            else
            {
                return left;
            }
        }
    }

    private Number Signed()
    {
        if (++_depth > MaxDepth)
        {
            throw new ToolException($"The expression is nested deeper than {MaxDepth} levels. Split it into steps.");
        }

        var value = _reader.Take('-') ? -Signed() : _reader.Take('+') ? Signed() : Power();
        _depth--;
        return value;
    }

    private Number Power()
    {
        var value = Percent();
        // The exponent is read with its own sign and its own powers: 2^-1, 2^3^2 = 2^9.
        return _reader.Take('^') ? Number.Power(value, Signed()) : value;
    }

    private Number Percent()
    {
        var value = Operand();
        while (_reader.TakePercent())
        {
            value /= Hundred;
        }

        return value;
    }

    private Number Operand()
    {
        if (_reader.Take('('))
        {
            using var grouping = _reader.Grouping(commasSeparate: false);
            var value = Sum();
            _reader.Expect(')');
            return value;
        }

        if (_reader.Take('√'))
        {
            return ExpressionFunctions.Call("sqrt", [Percent()]);
        }

        return _reader.Number() ?? Named(_reader.Word() ?? throw _reader.Unexpected());
    }

    private Number Named(string name)
    {
        if (!_reader.Take('('))
        {
            return ExpressionFunctions.Constant(name);
        }

        using var grouping = _reader.Grouping(commasSeparate: true);
        var arguments = new List<Number>();
        while (!_reader.Take(')'))
        {
            if (arguments.Count > 0)
            {
                _reader.Expect(',');
            }

            arguments.Add(Sum());
        }

        return ExpressionFunctions.Call(name, arguments);
    }
}
