using System.ComponentModel.DataAnnotations;
using AgentPlatform.Core.ChatModels.Builtin;

namespace AgentPlatform.Core.ChatModels;

/// <summary>
/// The settings of one named model, section <c>Models:{name}</c>. Agents name models; the model called <c>Default</c> always
/// exists and finds what it is not told in the usual environment variables (see <see cref="ModelSettings"/>).
/// </summary>
public sealed class ModelOptions
{
    /// <summary>The configuration section that holds one child per model.</summary>
    public const string Section = "Models";

    /// <summary><c>openai</c> (every OpenAI-compatible endpoint), <c>ollama</c> (the same at its usual port) or <c>builtin</c>.</summary>
    public string? Provider { get; set; }

    /// <summary>Base address up to and including the version, for example <c>http://localhost:8000/v1</c>.</summary>
    public string? Endpoint { get; set; }

    public string? ApiKey { get; set; }

    /// <summary>The model's own id at the endpoint; when absent, the only entry of <c>GET {Endpoint}/models</c>.</summary>
    public string? Model { get; set; }

    /// <summary>US dollars per million input tokens; absent means that cost is unknown.</summary>
    [Range(typeof(decimal), "0", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal? InputPrice { get; set; }

    /// <summary>US dollars per million output tokens; absent means that cost is unknown.</summary>
    [Range(typeof(decimal), "0", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal? OutputPrice { get; set; }

    /// <summary>Calls of this model under way in one process; absent: no bound but that of the runs.</summary>
    [Range(1, 100_000)]
    public int? MaxConcurrent { get; set; }

    /// <summary>How long a call waits for room among them; then it fails as if the endpoint had said 429, and is not tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one attempt waits for the reply to begin; a reply that is not streamed begins when it is complete.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long a streamed reply may pause; its whole length has no bound but the caller's deadline.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan StreamTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Only of <c>builtin</c>, and only in Development: how often and how its calls fail.</summary>
    public BuiltinFaultOptions? Faults { get; set; }
}
