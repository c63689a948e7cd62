using System.Text.Json;
using AgentPlatform.Tests.Stack;

namespace AgentPlatform.Tests.EndToEnd.Canaries;

/// <summary>Secrets that go through a stack under test, each with a text of its own that must turn up nowhere.</summary>
internal static class CanarySecrets
{
    public const string ModelKey = "sk-canary-model-5b1f0a";
    public const string ToolKey = "canary-tool-header-77c2e9";
    public const string McpKey = "canary-mcp-server-0d93ab";
    public const string ExporterKey = "canary-otlp-exporter-4e81";
    public const string InternalKey = "canary-internal-key-c0ffee-9921";
    public const string WrongInternalKey = "canary-wrong-internal-key-31f7";
    public const string WrongApiKey = "ap_CANARY0000000000000000000000000000000001";
    public const string ForeignBearer = "canary-foreign-bearer-8dd2";
    public const string Cookie = "canary-cookie-6a6a6a";
    public const string QueryToken = "canary-query-token-f00d";

    /// <summary>Those that are fixed.</summary>
    public static IReadOnlyList<string> Fixed { get; } =
        [ModelKey, ToolKey, McpKey, ExporterKey, InternalKey, WrongInternalKey, WrongApiKey, ForeignBearer, Cookie, QueryToken];

    /// <summary>The passwords that the AppHost made for the stores.</summary>
    public static IReadOnlyList<string> OfStores(RunningStack stack) =>
    [
        .. JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(stack.DataFolder, "state.json")))!
            .Where(entry => entry.Key.EndsWith(".password", StringComparison.Ordinal))
            .Select(entry => entry.Value),
    ];
}
