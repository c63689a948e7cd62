using AgentPlatform.Executor.Documents.Chunks;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

public sealed class ChunkerTests
{
    [Fact]
    public void Passages_end_at_headings_and_know_where_they_stand()
    {
        const string text = """
            Before everything.

            # The `guide`

            First.

            ## Settings ##

            | a | b |
            |---|---|
            | 1 | 2 |

            ### Deep

            ```sh
            # no heading

            echo "still code"
            ```

            ## Other

            Last
            lines.

            ## Nothing under it
            """;

        Assert.Equal(
            [
                (1, "", "Before everything."),
                (5, "The guide", "First."),
                (9, "The guide > Settings", "| a | b |\n|---|---|\n| 1 | 2 |"),
                (15, "The guide > Settings > Deep", "```sh\n# no heading\n\necho \"still code\"\n```"),
                (23, "The guide > Other", "Last\nlines."),
                (26, "The guide > Nothing under it", "## Nothing under it"),
            ],
            Chunker.Cut(text, markdown: true).Select(chunk => (chunk.Line, chunk.Heading, chunk.Text)));
    }

    [Fact]
    public void Underlined_headings_count_and_front_matter_and_rules_are_text()
    {
        var chunks = Chunker.Cut("Title\n=====\n\nOne.\n\nPart\n----\n\nTwo.\n\n***\n\n~~~\ncode\n", markdown: true);

        Assert.Equal([(4, "Title", "One."), (9, "Title > Part", "Two.\n\n***\n\n~~~\ncode\n".TrimEnd('\n'))], chunks.Select(chunk => (chunk.Line, chunk.Heading, chunk.Text)));
    }

    [Fact]
    public void Plain_text_has_no_headings()
    {
        var chunk = Assert.Single(Chunker.Cut("# A comment\n\n| no table |\nx", markdown: false));

        Assert.Equal((1, "", "# A comment\n\n| no table |\nx"), (chunk.Line, chunk.Heading, chunk.Text));
    }

    [Fact]
    public void A_long_table_is_cut_between_rows_with_its_head_on_each_piece()
    {
        var rows = Enumerable.Range(1, 100).Select(number => $"| setting {number} | {new string('x', 40)} |").ToList();

        var chunks = Chunker.Cut($"# T\n\n| name | value |\n|---|---|\n{string.Join('\n', rows)}", markdown: true);

        Assert.True(chunks.Count > 3);
        Assert.All(chunks, chunk => Assert.StartsWith("| name | value |\n|---|---|\n| setting", chunk.Text, StringComparison.Ordinal));
        Assert.Equal(rows, chunks.SelectMany(chunk => chunk.Text.Split('\n').Skip(2)));
        Assert.All(chunks, chunk => Assert.Equal(rows[chunk.Line - 5], chunk.Text.Split('\n')[2]));
    }

    [Fact]
    public void A_table_stays_with_what_introduces_it_though_it_is_long()
    {
        var table = string.Join('\n', Enumerable.Range(1, 20).Select(number => $"| {number} | {new string('x', 60)} |"));

        Assert.Single(Chunker.Cut($"These are the settings:\n\n{table}", markdown: true));
    }

    /// <summary>Nothing is lost, nothing is too long, and each line is where the passage says.</summary>
    [Fact]
    public void Any_document_is_cut_without_loss()
    {
        var random = new Random(20_262);
        for (var round = 0; round < 100; round++)
        {
            var text = AnyDocument(random);
            var lines = text.Split('\n');

            var chunks = Chunker.Cut(text, markdown: true);

            Assert.All(chunks, chunk => Assert.True(chunk.Text.Length is > 0 and <= Chunker.Most, $"{chunk.Text.Length}"));
            Assert.All(
                chunks.Where(chunk => !chunk.Text.StartsWith('|')),
                chunk => Assert.Contains(chunk.Text.Split('\n')[0], lines[chunk.Line - 1], StringComparison.Ordinal));
            var kept = string.Concat(chunks.Select(chunk => chunk.Heading + chunk.Text)).Where(char.IsAsciiDigit).Distinct().Order();
            Assert.Equal(text.Where(char.IsAsciiDigit).Distinct().Order(), kept);
            var all = string.Join('\n', chunks.Select(chunk => $"{chunk.Heading}\n{chunk.Text}"));
            Assert.All(
                lines.Where(line => line.StartsWith("word", StringComparison.Ordinal) && line.Length < 1_000),
                line => Assert.Contains(line, all, StringComparison.Ordinal));
        }
    }

    private static string AnyDocument(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(1, 120)).Select(number => random.Next(12) switch
        {
            0 => $"{new string('#', random.Next(1, 7))} Heading",
            1 or 2 => "",
            3 => "```",
            4 or 5 => $"| cell {new string('c', random.Next(300))} |",
            6 => $"x{new string('y', random.Next(5_000))}",
            7 => $"long {string.Join(' ', Enumerable.Repeat("字词", random.Next(1_500)))}",
            8 => "===",
            _ => $"word {number} {new string('w', random.Next(150))}",
        });
        return string.Join('\n', lines.Append("word at the end"));
    }
}
