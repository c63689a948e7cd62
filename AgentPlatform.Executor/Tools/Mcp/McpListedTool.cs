using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>A tool as its server lists it, made fit to be offered.</summary>
/// <param name="Name">As models see it.</param>
/// <param name="Remote">As the server knows it.</param>
/// <param name="Hash">Of everything the server says about it that a model or this platform goes by.</param>
internal sealed record McpListedTool(string Name, Tool Remote, string Description, JsonElement Schema, ToolEffect Effect, string Hash);
