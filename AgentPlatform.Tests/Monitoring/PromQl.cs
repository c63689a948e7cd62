namespace AgentPlatform.Tests.Monitoring;

/// <summary>
/// What a PromQL expression names: metrics and labels, and which values of a label. A small tokenizer, no parser: a name that stands before no
/// parenthesis and inside no braces is a metric.
/// </summary>
internal sealed class PromQl
{
    private static readonly HashSet<string> Operators = ["and", "or", "unless", "offset", "bool", "on", "ignoring", "group_left", "group_right", "by", "without"];
    private static readonly HashSet<string> Groupings = ["by", "without", "on", "ignoring", "group_left", "group_right"];

    private readonly List<string> _tokens;

    private PromQl(string expression) => _tokens = [.. Tokenize(expression)];

    public List<string> Metrics { get; } = [];

    /// <summary>Metric, label and, where it is compared with = to one, its value; the metric is null for a grouping.</summary>
    public List<(string? Metric, string Label, string? Value)> Labels { get; } = [];

    public static PromQl Read(string expression)
    {
        var read = new PromQl(expression);
        read.Walk();
        return read;
    }

    private void Walk()
    {
        for (var at = 0; at < _tokens.Count; at++)
        {
            var token = _tokens[at];
            var next = at + 1 < _tokens.Count ? _tokens[at + 1] : "";
            if (Groupings.Contains(token))
            {
                at = Grouping(next == "(" ? at + 2 : throw new FormatException($"'{token}' without a list."));
            }
            else if (IsName(token) && !Operators.Contains(token) && next != "(" && !Groupings.Contains(next))
            {
                Metrics.Add(token);
                if (next == "{")
                {
                    at = Matchers(token, at + 2);
                }
            }
        }
    }

    private int Grouping(int at)
    {
        for (; _tokens[at] != ")"; at++)
        {
            if (_tokens[at] != ",")
            {
                Labels.Add((null, _tokens[at], null));
            }
        }

        return at;
    }

    private int Matchers(string metric, int at)
    {
        for (; _tokens[at] != "}"; at++)
        {
            if (_tokens[at] != ",")
            {
                var value = _tokens[at + 2].Trim('"');
                Labels.Add((metric, _tokens[at], _tokens[at + 1] == "=" ? value : null));
                at += 2;
            }
        }

        return at;
    }

    private static bool IsName(string token) => char.IsAsciiLetter(token[0]) || token[0] is '_' or ':';

    private static IEnumerable<string> Tokenize(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            switch (text[at])
            {
                case ' ' or '\n':
                    at++;
                    continue;
                case '"':
                    at = text.IndexOf('"', at + 1) + 1;
                    break;
                case '[':
                    // A duration, or a variable of the dashboard that is one.
                    at = text.IndexOf(']', at) + 1;
                    continue;
                case >= '0' and <= '9':
                    at = End(text, at, character => char.IsAsciiLetterOrDigit(character) || character == '.');
                    continue;
                case '=' or '!' or '~' or '<' or '>':
                    at = End(text, at, character => character is '=' or '!' or '~' or '<' or '>');
                    break;
                case var first when char.IsAsciiLetter(first) || first is '_' or ':':
                    at = End(text, at, character => char.IsAsciiLetterOrDigit(character) || character is '_' or ':');
                    break;
                case '(' or ')' or '{' or '}' or ',' or '+' or '-' or '*' or '/':
                    at++;
                    break;
                case var strange:
                    throw new FormatException($"'{strange}' at {at} of {text}");
            }

            yield return text[start..at];
        }
    }

    private static int End(string text, int at, Func<char, bool> belongs)
    {
        while (at < text.Length && belongs(text[at]))
        {
            at++;
        }

        return at;
    }
}
