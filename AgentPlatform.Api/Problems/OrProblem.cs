using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Problems;

/// <summary>A value, or the problem to answer with instead.</summary>
internal readonly struct OrProblem<T>
    where T : notnull
{
    private OrProblem(T? value, ProblemHttpResult? problem) => (Value, Problem) = (value, problem);

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsGood => Problem is null;

    public T? Value { get; }

    public ProblemHttpResult? Problem { get; }

    public static implicit operator OrProblem<T>(T value) => new(value, null);

    public static implicit operator OrProblem<T>(ProblemHttpResult problem) => new(default, problem);
}
