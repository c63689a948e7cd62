namespace AgentPlatform.Api.OpenAI.Models;

/// <summary>The answer of <c>GET /v1/models</c>.</summary>
internal sealed record ModelList(IReadOnlyList<Model> Data)
{
    public string Object { get; } = "list";
}

/// <summary>An agent by its name.</summary>
internal sealed record Model(string Id)
{
    public string Object { get; } = "model";

    /// <summary>Agents have no birthday: 0, because clients expect a number.</summary>
    public long Created { get; }

    public string OwnedBy { get; } = "agentplatform";
}
