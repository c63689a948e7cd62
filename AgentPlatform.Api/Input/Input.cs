using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Input;

/// <summary>What a caller sent, read: the value, or the problem to answer with.</summary>
internal readonly record struct Input<T>(T? Value, ProblemHttpResult? Problem)
{
    public static implicit operator Input<T>(T value) => new(value, null);

    public static implicit operator Input<T>(ProblemHttpResult problem) => new(default, problem);
}
