using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>What the executor answered: the value, or the problem to pass on.</summary>
internal readonly struct ExecutorReply<T>
{
    public ExecutorReply(T value) => Value = value;

    public ExecutorReply(ProblemHttpResult problem) => Problem = problem;

    [MemberNotNullWhen(false, nameof(Value))]
    private bool Failed => Problem is not null;

    public T? Value { get; }

    public ProblemHttpResult? Problem { get; }
}
