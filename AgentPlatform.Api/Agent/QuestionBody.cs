using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Agent;

/// <summary>What every question says, whether somebody waits for its answer or not. A null stands for a member left out.</summary>
internal abstract record QuestionBody
{
    public const int MaxQuestion = 32_768;
    public const double MinTimeout = 0.1;
    public const double MaxTimeout = 600;
    public const double DefaultTimeout = 30.0;
    public const string DefaultAgent = "default";
    public const string Example = """{"question":"What is 17% of 2340?"}""";

    /// <summary>The members as the diagnosis of a bad body needs them.</summary>
    public static IReadOnlyList<BodyField> Fields { get; } =
    [
        new("question", BodyFieldKind.Text, Required: true),
        new("session_id", BodyFieldKind.Text),
        new("timeout", BodyFieldKind.Number),
        new("agent", BodyFieldKind.Text),
        new("metadata", BodyFieldKind.Labels),
        new("user", BodyFieldKind.Text),
    ];

    /// <summary>What the agent shall answer: 1 to 32,768 Unicode code points, not blank.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(MaxQuestion)]
    public string? Question { get; init; }

    /// <summary>The conversation this question belongs to; it begins with the first question. Without it the agent remembers nothing.</summary>
    [RegularExpression(Checks.SessionIdPattern)]
    public string? SessionId { get; init; }

    /// <summary>Seconds the run may take. <c>POST /agent</c> gives a degraded answer after them, and says so.</summary>
    [Range(MinTimeout, MaxTimeout)]
    [DefaultValue(DefaultTimeout)]
    public double? Timeout { get; init; }

    /// <summary>Name of the agent that shall answer; <c>GET /agents</c> lists them.</summary>
    [DefaultValue(DefaultAgent)]
    public string? Agent { get; init; }

    /// <summary>Labels kept with the run, to find it again: at most 16, keys of 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>, values up to 512 characters.</summary>
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Your name for the person who asks; agents may use it in their instructions.</summary>
    [MinLength(1)]
    [MaxLength(Checks.MaxUser)]
    public string? User { get; init; }
}
