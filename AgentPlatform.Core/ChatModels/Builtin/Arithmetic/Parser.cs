using System.Globalization;

namespace AgentPlatform.Core.ChatModels.Builtin.Arithmetic;

/// <summary>
/// Recursive descent over tokens, from one starting place as far as a valid expression reaches. It writes the expression anew with
/// plain signs, so that every calculator reads it: percentages become divisions by 100, operations in words become signs.
/// </summary>
internal sealed class Parser(IReadOnlyList<Token> tokens, int start, PowerSpelling spelling)
{
    private const int DeepestNesting = 30;
    private const int LargestWrittenOutPower = 16;

    private int _at = start;
    private int _depth;

    /// <summary>The first token that does not belong to the expression.</summary>
    public int End => _at;

    /// <summary>How many operations it has; a lone number has none.</summary>
    public int Operations { get; private set; }

    public Node? ParseSum()
    {
        if (_depth >= DeepestNesting)
        {
            return null;
        }

        _depth++;
        var sum = ParseTerms();
        _depth--;
        return sum;
    }

    private Node? ParseTerms()
    {
        if (ParseProduct() is not { } left)
        {
            return null;
        }

        while (Peek(skipComma: true) is { Kind: TokenKind.Operator, Text: "+" or "-" } sign)
        {
            var before = Take(skipComma: true);
            if (ParseProduct() is not { } right)
            {
                _at = before;
                break;
            }

            Operations++;
            // 200 plus 10% means ten percent more.
            left = right.Percent is { } percent && left.Percent is null
                ? new Node($"{left.At(Node.Product)} * (100 {sign.Text} {percent}) / 100", Node.Product)
                : new Node($"{left.Text} {sign.Text} {right.At(Node.Product)}", Node.Sum);
        }

        return left;
    }

    private Node? ParseProduct()
    {
        if (ParsePercentage() is not { } left)
        {
            return null;
        }

        while (Peek(skipComma: true) is { Kind: TokenKind.Operator, Text: "*" or "/" } sign)
        {
            var before = Take(skipComma: true);
            if (ParsePercentage() is not { } right)
            {
                _at = before;
                break;
            }

            Operations++;
            left = new Node($"{left.At(Node.Product)} {sign.Text} {right.At(Node.Power)}", Node.Product);
        }

        return left;
    }

    /// <summary>A power, or "17% of a power", or "20% off a power".</summary>
    private Node? ParsePercentage()
    {
        var left = ParsePower();
        if (left?.Percent is not { } percent || Peek() is not { Kind: TokenKind.Of or TokenKind.Off } word)
        {
            return left;
        }

        var before = Take();
        if (ParsePercentage() is not { } whole)
        {
            _at = before;
            return left;
        }

        Operations++;
        var share = word.Kind == TokenKind.Of ? percent : $"(100 - {percent})";
        return new Node($"{share} * {whole.At(Node.Power)} / 100", Node.Product);
    }

    private Node? ParsePower()
    {
        var basis = ParseSigned();
        if (basis is null || Peek() is not { Kind: TokenKind.Operator, Text: "^" })
        {
            return basis;
        }

        var before = Take();
        if (ParsePower() is not { } exponent)
        {
            _at = before;
            return basis;
        }

        Operations++;
        return spelling == PowerSpelling.Product && int.TryParse(exponent.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times is > 0 and <= LargestWrittenOutPower
            ? new Node(string.Join(" * ", Enumerable.Repeat(basis.At(Node.Atom), times)), Node.Product)
            : new Node($"{basis.At(Node.Atom)} ^ {exponent.At(Node.Power)}", Node.Power);
    }

    private Node? ParseSigned()
    {
        if (Peek() is not { Kind: TokenKind.Operator, Text: "-" })
        {
            return ParseAtom();
        }

        var before = Take();
        var inner = ParseAtom();
        if (inner is null)
        {
            _at = before;
        }

        return inner is null ? null : new Node($"-{inner.At(Node.Atom)}", Node.Product);
    }

    private Node? ParseAtom()
    {
        switch (Peek())
        {
            case { Kind: TokenKind.Number } number:
                Take();
                return WithPercent(new Node(number.Text, Node.Atom));
            case { Kind: TokenKind.Open }:
                return ParseBrackets();
            case { Kind: TokenKind.Root }:
                return ParseRoot();
            case { Kind: TokenKind.Prefix } prefix:
                return ParsePrefix(prefix.Text);
            default:
                return null;
        }
    }

    private Node WithPercent(Node number)
    {
        if (Peek() is not { Kind: TokenKind.Percent })
        {
            return number;
        }

        Take();
        return new Node($"{number.Text} / 100", Node.Product, number.Text);
    }

    private Node? ParseBrackets()
    {
        var before = Take();
        if (ParseSum() is { } inner && Peek() is { Kind: TokenKind.Close })
        {
            Take();
            return WithPercent(new Node($"({inner.Text})", Node.Atom));
        }

        _at = before;
        return null;
    }

    private Node? ParseRoot()
    {
        var before = Take();
        if (ParseAtom() is { } radicand)
        {
            Operations++;
            return spelling == PowerSpelling.Product
                ? new Node($"{radicand.At(Node.Atom)} ^ 0.5", Node.Power)
                : new Node(radicand.Text.StartsWith('(') ? $"sqrt{radicand.Text}" : $"sqrt({radicand.Text})", Node.Atom);
        }

        _at = before;
        return null;
    }

    /// <summary>"sum of 3 and 4", "multiply 6 by 7", "subtract 3 from 10".</summary>
    private Node? ParsePrefix(string operation)
    {
        var before = Take();
        if (ParsePower() is { } first && Peek() is { Kind: TokenKind.Joiner })
        {
            Take();
            if (ParsePower() is { } second)
            {
                Operations++;
                return operation == "r-"
                    ? new Node($"({second.Text} - {first.At(Node.Product)})", Node.Atom)
                    : new Node($"({first.At(Node.Product)} {operation} {second.At(Node.Power)})", Node.Atom);
            }
        }

        _at = before;
        return null;
    }

    private Token? Peek(bool skipComma = false)
    {
        var at = skipComma && _at < tokens.Count && tokens[_at].Kind == TokenKind.Comma ? _at + 1 : _at;
        return at < tokens.Count ? tokens[at] : null;
    }

    /// <returns>Where the parser stood before, to go back to.</returns>
    private int Take(bool skipComma = false)
    {
        var before = _at;
        _at += skipComma && tokens[_at].Kind == TokenKind.Comma ? 2 : 1;
        return before;
    }
}
