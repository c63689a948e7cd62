namespace AgentPlatform.AppHost.Local;

/// <summary>A folder of this machine that holds PostgreSQL's programs.</summary>
internal sealed record PostgresBinaries(string Folder)
{
    /// <summary>The setting that names the folder, as an environment variable (<c>Local:PostgresBin</c>).</summary>
    public const string Setting = "Local__PostgresBin";

    /// <summary>What to do when there is none.</summary>
    public const string Remedies =
        $"""
        The local stack needs PostgreSQL's programs (initdb and postgres), and none were found. Any one of these helps:
          Debian, Ubuntu   sudo apt install postgresql        (its own service may stay off)
          macOS            brew install postgresql@17
          Windows          winget install PostgreSQL.PostgreSQL.17
          elsewhere        set {Setting} to the folder that holds initdb
          Docker, Podman   start it and use the Aspire stack: --stack aspire
        """;

    private static readonly (string Parent, string Pattern, string Below)[] UsualPlaces =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/usr/lib", "postgresql*", "bin"),
        ("/usr/libexec", "postgresql*", ""),
        ("/opt/homebrew/opt", "postgresql@*", "bin"),
        ("/usr/local/opt", "postgresql@*", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        (Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin"),
    ];

    public string InitDb => Path.Combine(Folder, Executables.FileName("initdb"));

    public string Postgres => Path.Combine(Folder, Executables.FileName("postgres"));

    /// <summary>The configured folder and no other; else the PATH; else the newest in the usual places. Null when there is none.</summary>
    public static PostgresBinaries? Find() =>
        Find(Environment.GetEnvironmentVariable(Setting), Environment.GetEnvironmentVariable("PATH") ?? "", UsualFolders());

    internal static PostgresBinaries? Find(string? configured, string path, IEnumerable<string> usualFolders)
    {
        var folders = string.IsNullOrEmpty(configured)
            ? path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(usualFolders)
            : [configured];
        return folders.Select(folder => new PostgresBinaries(folder)).FirstOrDefault(binaries => File.Exists(binaries.InitDb) && File.Exists(binaries.Postgres));
    }

    internal static IEnumerable<string> NewestFirst(IEnumerable<string> folders) =>
        folders.OrderByDescending(folder => Version(folder));

    private static IEnumerable<string> UsualFolders() =>
        UsualPlaces
            .Where(place => Directory.Exists(place.Parent))
            .SelectMany(place => NewestFirst(Directory.EnumerateDirectories(place.Parent, place.Pattern)).Select(folder => Path.Combine(folder, place.Below)));

    /// <summary>17 of <c>postgresql@17</c>, 16 of <c>pgsql-16</c>, 9.6 of <c>9.6</c>.</summary>
    private static decimal Version(string folder)
    {
        var digits = new string([.. Path.GetFileName(folder).SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        return decimal.TryParse(digits, null, out var version) ? version : 0;
    }
}
