namespace AgentPlatform.Executor.Documents.Chunks;

/// <summary>
/// Cuts a document into passages: 1. no passage reaches over a heading; 2. blocks are joined until a passage is long enough; 3. code and tables
/// stay whole, with what introduces them, as long as that is not too long; 4. what is too long by itself is cut between its lines, a table with its head on
/// each piece, and a line that is too long between its words.
/// </summary>
internal static class Chunker
{
    /// <summary>Characters at which a passage is long enough.</summary>
    public const int Enough = 1_200;

    /// <summary>No passage is longer.</summary>
    public const int Most = 2_000;

    public static IReadOnlyList<Chunk> Cut(string text, bool markdown) =>
        [.. MarkdownSections.Read(text, markdown).SelectMany(section => Join([.. section.Blocks.SelectMany(Pieces)], section.Heading))];

    private static IEnumerable<Chunk> Join(IReadOnlyList<Block> blocks, string heading)
    {
        var open = new List<Block>();
        foreach (var block in blocks)
        {
            var limit = block.Kind == BlockKind.Text ? Enough : Most;
            if (open.Count > 0 && open.Sum(each => each.Length + 1) + block.Length > limit)
            {
                yield return Close(open, heading);
                open.Clear();
            }

            open.Add(block);
        }

        if (open.Count > 0)
        {
            yield return Close(open, heading);
        }
    }

    private static Chunk Close(List<Block> blocks, string heading) =>
        new(blocks[0].Line, heading, string.Join("\n\n", blocks.Select(block => block.Text)).Trim('\n'));

    private static IEnumerable<Block> Pieces(Block block)
    {
        if (block.Length <= Most)
        {
            return [block];
        }

        var head = block.Kind == BlockKind.Table && block.Lines.Count > 2 && block.Lines[0].Length + block.Lines[1].Length < Enough / 2 ? block.Lines.Take(2).ToList() : [];
        var lines = block.Lines.Skip(head.Count).SelectMany((line, index) => Parts(line).Select(part => (Line: block.Line + head.Count + index, Text: part)));
        return Pieces(lines, head, block.Kind);
    }

    private static IEnumerable<Block> Pieces(IEnumerable<(int Line, string Text)> lines, List<string> head, BlockKind kind)
    {
        var room = Enough - head.Sum(line => line.Length + 1);
        var piece = new List<(int Line, string Text)>();
        foreach (var line in lines)
        {
            if (piece.Count > 0 && piece.Sum(each => each.Text.Length + 1) + line.Text.Length > room)
            {
                yield return new Block(piece[0].Line, [.. head, .. piece.Select(each => each.Text)], kind);
                piece.Clear();
            }

            piece.Add(line);
        }

        if (piece.Count > 0)
        {
            yield return new Block(piece[0].Line, [.. head, .. piece.Select(each => each.Text)], kind);
        }
    }

    private static IEnumerable<string> Parts(string line)
    {
        while (line.Length > Enough)
        {
            var blank = line.LastIndexOfAny([' ', '\t', '。', '；', '，'], Enough - 1, Enough / 2);
            var cut = blank < 0 ? Enough - 1 : blank;
            cut += char.IsHighSurrogate(line[cut]) ? 0 : 1;
            yield return line[..cut];
            line = line[cut..];
        }

        yield return line;
    }
}
