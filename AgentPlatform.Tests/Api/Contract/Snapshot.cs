using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>Compares JSON with a committed file, so that a change of the contract is a change somebody sees.</summary>
internal static class Snapshot
{
    private const string Update = "UPDATE_SNAPSHOTS";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="path">From the root of the repository.</param>
    public static void Matches(string path, string json)
    {
        var file = Path.Combine(Root(), path);
        var actual = JsonNode.Parse(json)!.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        var expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        Assert.True(
            expected == actual,
            $"{path} differs from what the API says now, first at line {FirstDifference(expected, actual)}. If the change is meant, "
            + $"run this test with {Update}=1 in the environment and commit the file. The API says:\n{actual}");
    }

    /// <summary>The body of a public type: <c>Snapshots/NAME.json</c> beside these tests.</summary>
    public static void Body(string name, string json) => Matches($"AgentPlatform.Tests/Api/Contract/Snapshots/{name}.json", json);

    private static int FirstDifference(string expected, string actual)
    {
        var (left, right) = (expected.Split('\n'), actual.Split('\n'));
        return left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count() + 1;
    }

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentPlatform.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("These tests run inside the repository.");
    }
}
