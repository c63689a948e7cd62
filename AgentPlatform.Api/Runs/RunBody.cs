using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Runs;

/// <summary>The body of <c>POST /runs</c>: a question whose answer nobody waits for. A null stands for a member left out.</summary>
internal sealed record RunBody : QuestionBody
{
    public static BodyShape Shape { get; } = new(Example, Optional: false, Fields);
}
