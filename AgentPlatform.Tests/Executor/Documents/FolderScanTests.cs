using AgentPlatform.Executor.Documents.Files;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

public sealed class FolderScanTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("scan-").FullName;

    private string Root => Path.Combine(_base, "root");

    [Fact]
    public void Only_texts_of_the_folder_itself_are_listed()
    {
        Write("root/b.md");
        Write("root/A.TXT");
        Write("root/deep/er/c.markdown");
        Write("root/picture.png");
        Write("root/.hidden.md");
        Write("root/.git/d.md");
        Write("outside/secret.md");
        File.CreateSymbolicLink(Path.Combine(Root, "out.md"), Path.Combine(_base, "outside", "secret.md"));
        File.CreateSymbolicLink(Path.Combine(Root, "gone.md"), Path.Combine(_base, "nowhere.md"));
        File.CreateSymbolicLink(Path.Combine(Root, "self.md"), "self.md");
        Directory.CreateSymbolicLink(Path.Combine(Root, "linked"), Path.Combine(_base, "outside"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "loop"), Root);

        Assert.Equal(["A.TXT", "b.md", "deep/er/c.markdown"], Paths());
    }

    [Fact]
    public void A_link_that_stays_in_the_folder_counts_as_in_mounted_configuration()
    {
        Write("root/..2026/guide.md");
        Directory.CreateSymbolicLink(Path.Combine(Root, "..data"), "..2026");
        File.CreateSymbolicLink(Path.Combine(Root, "guide.md"), Path.Combine("..data", "guide.md"));

        Assert.Equal(["guide.md"], Paths());

        // The folder behind the link moves out, the link itself is the same.
        Write("outside/guide.md");
        Directory.Delete(Path.Combine(Root, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(Root, "..data"), Path.Combine(_base, "outside"));
        Assert.Empty(Paths());
    }

    [Fact]
    public void The_folder_itself_may_be_a_link()
    {
        Write("root/a.md");
        var link = Path.Combine(_base, "link");
        Directory.CreateSymbolicLink(link, Root);
        File.CreateSymbolicLink(Path.Combine(Root, "b.md"), Path.Combine(Root, "a.md"));

        Assert.Equal(["a.md", "b.md"], FolderScan.Read(link, TestContext.Current.CancellationToken).Select(file => file.Path));
    }

    public void Dispose() => Directory.Delete(_base, recursive: true);

    private IEnumerable<string> Paths() => FolderScan.Read(Root, TestContext.Current.CancellationToken).Select(file => file.Path);

    private void Write(string path)
    {
        var full = Path.Combine(_base, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "text");
    }
}
