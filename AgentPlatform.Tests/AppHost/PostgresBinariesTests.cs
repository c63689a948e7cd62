extern alias apphost;
using apphost::AgentPlatform.AppHost.Local;
using Xunit;

namespace AgentPlatform.Tests.AppHost;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("postgres-binaries-").FullName;

    [Fact]
    public void The_path_comes_before_the_usual_places()
    {
        var onPath = Folder("path", "initdb", "postgres");

        Assert.Equal(onPath, PostgresBinaries.Find(null, $"{_root}{Path.PathSeparator}{onPath}", [Folder("usual", "initdb", "postgres")])?.Folder);
    }

    [Fact]
    public void A_folder_with_a_client_only_is_passed_over()
    {
        var usual = Folder("usual", "initdb", "postgres");

        Assert.Equal(usual, PostgresBinaries.Find("", Folder("path", "psql", "initdb"), [usual])?.Folder);
    }

    [Fact]
    public void The_configured_folder_is_the_only_one_looked_at()
    {
        var other = Folder("path", "initdb", "postgres");

        Assert.Null(PostgresBinaries.Find(Path.Combine(_root, "missing"), other, [other]));
    }

    [Fact]
    public void Of_several_versions_the_newest_wins_by_number_not_by_letter() =>
        Assert.Equal(
            ["/x/postgresql@17", "/x/16", "/x/pgsql-9.6", "/x/none"],
            PostgresBinaries.NewestFirst(["/x/pgsql-9.6", "/x/none", "/x/postgresql@17", "/x/16"]));

    [Fact]
    public void The_remedies_name_every_system_and_the_setting() =>
        Assert.All(["apt", "brew", "winget", "Docker", "Local__PostgresBin"], word => Assert.Contains(word, PostgresBinaries.Remedies, StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Folder(string name, params string[] programs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        foreach (var program in programs)
        {
            File.WriteAllText(Path.Combine(folder, Executables.FileName(program)), "");
        }

        return folder;
    }
}
