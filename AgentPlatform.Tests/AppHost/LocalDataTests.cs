extern alias apphost;
using apphost::AgentPlatform.AppHost.Local;
using Xunit;

namespace AgentPlatform.Tests.AppHost;

public sealed class LocalDataTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("local-data-").FullName;

    [Fact]
    public void Passwords_and_ports_are_the_same_at_the_next_start()
    {
        var first = Values();

        Assert.Equal(first, Values());
        Assert.NotEqual(first.Postgres, first.Cache);

        (string Postgres, string Cache, int Port) Values()
        {
            using var data = LocalData.Open(_folder, out _)!;
            return (data.Password("postgres"), data.Password("cache"), data.Port("cache"));
        }
    }

    [Fact]
    public void A_second_owner_is_refused_until_the_first_is_gone()
    {
        using (LocalData.Open(_folder, out _))
        {
            Assert.Null(LocalData.Open(_folder, out var folder));
            Assert.Equal(_folder, folder);
        }

        using var next = LocalData.Open(_folder, out _);
        Assert.NotNull(next);
    }

    [Fact]
    public void What_holds_the_passwords_is_readable_by_its_owner_only()
    {
        using var data = LocalData.Open(_folder, out _)!;
        data.Password("postgres");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "state.json")));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
