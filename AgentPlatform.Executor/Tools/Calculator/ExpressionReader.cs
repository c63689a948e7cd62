using System.Globalization;
using System.Text;

namespace AgentPlatform.Executor.Tools.Calculator;

/// <summary>The text of an expression, sign by sign, in one spelling.</summary>
internal sealed class ExpressionReader
{
    public const int MaxLength = 1_000;

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";

    private readonly string _text;
    private int _at;

    /// <summary>Inside a call a comma ends an argument; elsewhere it groups thousands.</summary>
    private bool _commasSeparate;

    /// <exception cref="ToolException">It is too long.</exception>
    public ExpressionReader(string expression)
    {
        if (expression.Length > MaxLength)
        {
            throw new ToolException($"The expression is longer than {MaxLength} characters. Split it into steps.");
        }

        _text = Normalise(ToolText.Clean(expression));
    }

    public bool AtEnd => Peek() == '\0';

    public bool Take(char c)
    {
        var found = Peek() == c;
        _at += found ? 1 : 0;
        return found;
    }

    public bool TakeOf()
    {
        var found = WordAt(SkipSpace()) == "of";
        _at += found ? 2 : 0;
        return found;
    }

    /// <summary>A percent sign that belongs to the number before it, as in 17% or 17% of 5; not the one of 10 % 3.</summary>
    public bool TakePercent()
    {
        if (Peek() != '%')
        {
            return false;
        }

        var next = SkipSpace(_at + 1);
        var between = next < _text.Length
            && (char.IsAsciiLetterOrDigit(_text[next]) || _text[next] is '.' or '(' or '√' or 'π')
            && WordAt(next) != "of";
        _at += between ? 0 : 1;
        return !between;
    }

    public void Expect(char c)
    {
        if (!Take(c))
        {
            throw AtEnd ? new ToolException($"The expression ends where '{c}' was expected.") : Unexpected();
        }
    }

    public string? Word()
    {
        var word = WordAt(SkipSpace());
        _at += word.Length;
        return word.Length == 0 ? null : word;
    }

    public Number? Number()
    {
        if (Peek() != '.' && !IsDigit(_at))
        {
            return null;
        }

        var start = _at;
        var digits = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            if (IsDigit(_at) || _text[_at] == '.')
            {
                digits.Append(_text[_at]);
            }
            else if (!IsSeparator(start))
            {
                break;
            }
        }

        var exponent = ExponentLength();
        digits.Append(_text, _at, exponent);
        _at += exponent;
        return Parse(digits.ToString());
    }

    /// <summary>What a comma means until the returned scope ends.</summary>
    public Scope Grouping(bool commasSeparate)
    {
        var scope = new Scope(this, _commasSeparate);
        _commasSeparate = commasSeparate;
        return scope;
    }

    public ToolException Unexpected() => AtEnd
        ? new ToolException("The expression ends where a number was expected.")
        : new ToolException(
            $"'{_text[_at..Math.Min(_text.Length, _at + 12)]}' at position {_at + 1} cannot be read. "
            + "Use numbers, + - * / ^ %, parentheses and functions, with * between factors.");

    private static Number Parse(string text)
    {
        // Decimals round what lies below their last place, 1e-30 even to zero: such numbers stay approximate.
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && (Math.Abs(exact) > 1e-12m || !text.Contains('e', StringComparison.Ordinal)))
        {
            return new Number(exact);
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new Number(value)
            : throw new ToolException($"'{text}' is not a number. Decimals have one point: 1234.56");
    }

    /// <summary>1,234,567 and 1_000, but not 1234,5 which may mean something else to the writer.</summary>
    private bool IsSeparator(int start)
    {
        if (_text[_at] == '_')
        {
            return IsDigit(_at + 1);
        }

        var groups = _text[start.._at].Split(',');
        return _text[_at] == ',' && !_commasSeparate
            && IsDigit(_at + 1) && IsDigit(_at + 2) && IsDigit(_at + 3) && !IsDigit(_at + 4)
            && groups[0].Length is > 0 and <= 3 && groups.Skip(1).All(group => group.Length == 3);
    }

    private int ExponentLength()
    {
        if (_at >= _text.Length || _text[_at] != 'e')
        {
            return 0;
        }

        var sign = _at + 1 < _text.Length && _text[_at + 1] is '+' or '-' ? 1 : 0;
        var length = 1 + sign;
        while (IsDigit(_at + length))
        {
            length++;
        }

        return length > 1 + sign ? length : 0;
    }

    private bool IsDigit(int at) => at < _text.Length && char.IsAsciiDigit(_text[at]);

    private string WordAt(int at)
    {
        var end = at;
        while (end < _text.Length && (char.IsLetter(_text[end]) || (end > at && char.IsAsciiDigit(_text[end]))))
        {
            end++;
        }

        return _text[at..end];
    }

    private char Peek() => SkipSpace() < _text.Length ? _text[_at] : '\0';

    private int SkipSpace() => _at = SkipSpace(_at);

    private int SkipSpace(int at)
    {
        while (at < _text.Length && _text[at] == ' ')
        {
            at++;
        }

        return at;
    }

    /// <summary>
    /// One spelling for the signs people and keyboards use. Not Unicode's compatibility form: that turns 2⁴ into 24.
    /// </summary>
    private static string Normalise(string text)
    {
        var result = new StringBuilder(text.Length);
        var raised = false;
        foreach (var c in text.Replace("**", "^", StringComparison.Ordinal))
        {
            var power = Superscripts.IndexOf(c, StringComparison.Ordinal);
            if (power >= 0)
            {
                result.Append(raised ? "" : "^").Append("0123456789-"[power]);
            }
            else
            {
                result.Append(Plain(c));
            }

            raised = power >= 0;
        }

        return result.ToString();
    }

    private static char Plain(char c) => c switch
    {
        '×' or '·' or '∙' or '⋅' or '✕' => '*',
        '÷' or '∕' => '/',
        '−' or '–' or '‐' => '-',
        // The full-width forms of ASCII, as Chinese and Japanese keyboards give them.
        >= '！' and <= '～' => char.ToLowerInvariant((char)(c - '！' + '!')),
        _ when char.IsWhiteSpace(c) => ' ',
        _ => char.ToLowerInvariant(c),
    };

    public readonly struct Scope(ExpressionReader reader, bool before) : IDisposable
    {
        public void Dispose() => reader._commasSeparate = before;
    }
}
