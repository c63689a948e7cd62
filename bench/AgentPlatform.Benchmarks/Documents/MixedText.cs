using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Benchmarks.Documents;

/// <summary>
/// Documents and questions of any number, made of the words that the platform's own documentation has, each as often as it has it: common words are as common
/// as in real text, in English and in Chinese. Words with a number are the rare ones.
/// </summary>
internal sealed partial class MixedText
{
    private const int PassagesOfOneFile = 8;

    private readonly Random _random = new(1);
    private readonly List<string> _english = [];
    private readonly List<string> _chinese = [];

    public MixedText(string documentation)
    {
        foreach (var file in Directory.EnumerateFiles(documentation, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(file);
            _english.AddRange(English().Matches(text).Select(match => match.Value));
            _chinese.AddRange(Chinese().Matches(text).Select(match => match.Value));
        }
    }

    /// <summary>Every other file is Chinese.</summary>
    public void Write(string folder, int passages)
    {
        for (var file = 0; file * PassagesOfOneFile < passages; file++)
        {
            var text = new StringBuilder();
            for (var section = 0; section < PassagesOfOneFile; section++)
            {
                text.Append("## ").AppendLine(Words(file, 4)).AppendLine().AppendLine(Words(file, file % 2 == 0 ? 150 : 90)).AppendLine();
            }

            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"file-{file}.md")), text.ToString());
        }
    }

    public string Question(int number) =>
        number % 2 == 0 ? $"How do I {Words(number, 4 + (number % 8))} with the {Words(number, 2)}?" : $"如何{Words(number, 2 + (number % 4))}？";

    private string Words(int language, int count)
    {
        var source = language % 2 == 0 ? _english : _chinese;
        return string.Join(
            language % 2 == 0 ? " " : "，",
            Enumerable.Range(0, count).Select(_ => _random.Next(40) == 0
                ? string.Create(CultureInfo.InvariantCulture, $"part{_random.Next(5_000)}")
                : source[_random.Next(source.Count)]));
    }

    [GeneratedRegex("[A-Za-z][A-Za-z_:]*[A-Za-z]")]
    private static partial Regex English();

    [GeneratedRegex(@"[\u4e00-\u9fff]{2,12}")]
    private static partial Regex Chinese();
}
