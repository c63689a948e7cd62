using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>
/// Reads one file into nodes that know their place. Stricter than YAML: one document, a plain key per member, each key
/// once, and no anchors or aliases, with which a small file can describe an enormous one.
/// </summary>
internal sealed class YamlReader(AgentFile file, List<AgentFileError> errors, int maxDepth = YamlReader.DefaultMaxDepth)
{
    private const int DefaultMaxDepth = 32;

    private readonly Parser _parser = new(new StringReader(file.Text));
    private int _depth;

    /// <summary>Null when the file is not YAML, is empty, or is not a mapping; the errors say so.</summary>
    public YamlObject? Read()
    {
        try
        {
            _parser.Consume<StreamStart>();
            if (!_parser.TryConsume<DocumentStart>(out _))
            {
                Add(1, 1, "", "the file is empty: write at least name, description and instructions");
                return null;
            }

            var root = Value("");
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out var second))
            {
                Add(second.Start.Line, second.Start.Column, "", "a second document starts here: write one agent per file");
            }

            if (root is YamlObject found)
            {
                return found;
            }

            Add(root.Line, root.Column, "", "the file must be a mapping of keys such as name, description and instructions");
            return null;
        }
        catch (YamlException exception)
        {
            Add(exception.Start.Line, exception.Start.Column, "", $"this is not valid YAML: {exception.Message.TrimEnd('.')}");
            return null;
        }
    }

    private YamlValue Value(string path)
    {
        if (++_depth > maxDepth)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"It is nested deeper than {maxDepth} levels");
        }

        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw new YamlException(_parser.Current.Start, _parser.Current.End, "Anchors and aliases are not supported: write the value out");
        }

        YamlValue value = _parser.Current switch
        {
            MappingStart => Object(path),
            SequenceStart => List(path),
            _ => Text(_parser.Consume<Scalar>()),
        };
        _depth--;
        return value;
    }

    private YamlObject Object(string path)
    {
        var start = _parser.Consume<MappingStart>();
        var members = new List<YamlMember>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var scalar))
            {
                throw new YamlException(_parser.Current!.Start, _parser.Current.End, "A key must be plain text");
            }

            var key = Text(scalar);
            var name = path.Length == 0 ? key.Value : $"{path}.{key.Value}";
            var value = Value(name);
            if (members.Find(member => member.Key.Value == key.Value) is { } first)
            {
                Add(key.Line, key.Column, name, $"this key is there already, on line {first.Key.Line}: keep one");
            }
            else
            {
                members.Add(new YamlMember(key, value));
            }
        }

        return new YamlObject(members, start.Start.Line, start.Start.Column);
    }

    private YamlList List(string path)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = new List<YamlValue>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Value($"{path}[{items.Count}]"));
        }

        return new YamlList(items, start.Start.Line, start.Start.Column);
    }

    private static YamlText Text(Scalar scalar) =>
        new(scalar.Value, scalar.Style is ScalarStyle.Plain, scalar.Start.Line, scalar.Start.Column);

    private void Add(long line, long column, string key, string message) =>
        errors.Add(new AgentFileError(file.Name, line, column, key, message));
}
