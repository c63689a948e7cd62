namespace AgentPlatform.Executor.Documents.Files;

/// <summary>Where a path leads once every link in it was followed, those of the folders on the way included.</summary>
internal static class RealPath
{
    /// <summary>More lead in a circle.</summary>
    private const int MostLinks = 40;

    /// <summary>Null when the links lead nowhere.</summary>
    public static string? Of(string path)
    {
        var links = 0;
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Names(full[real.Length..]));
        while (rest.TryPop(out var name))
        {
            var next = Path.Combine(real, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            var aim = Path.GetFullPath(target, real);
            real = Path.GetPathRoot(aim)!;
            foreach (var part in Names(aim[real.Length..]))
            {
                rest.Push(part);
            }
        }

        return real;
    }

    /// <summary>Last one first.</summary>
    private static IEnumerable<string> Names(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();
}
