namespace AgentPlatform.Executor.Documents.Files;

/// <summary>Where a path leads once every link in it was followed, those of the folders on the way included.</summary>
internal static class RealPath
{
    /// <summary>Links that lead in circles end here.</summary>
    private const int MostLinks = 40;

    public static string Of(string path)
    {
        var links = 0;
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Names(full[real.Length..]));
        while (rest.TryPop(out var name))
        {
            var next = Path.Combine(real, name);
            var target = links < MostLinks ? new FileInfo(next).LinkTarget : null;
            if (target is null)
            {
                real = next;
                continue;
            }

            links++;
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
