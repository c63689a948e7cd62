namespace AgentPlatform.Api.Input;

/// <summary>What a body may hold, in the terms its diagnosis needs.</summary>
/// <param name="Example">A body that would do; shown to callers who sent none.</param>
/// <param name="Optional">No body at all stands for an empty object.</param>
internal sealed record BodyShape(string Example, bool Optional, IReadOnlyList<BodyField> Fields);

/// <summary>One member. Null stands for absent unless it is required.</summary>
internal sealed record BodyField(string Name, BodyFieldKind Kind, bool Required = false);

internal enum BodyFieldKind
{
    Text,
    Number,
    Boolean,

    /// <summary>An object whose values are texts.</summary>
    Labels,
}
