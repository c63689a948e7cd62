using System.Text.Json;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Remembers what the ladder told instead of one response's run, as the session is told of it.</summary>
/// <param name="fold">What the caller was shown; null when he does not read along.</param>
internal sealed class ResponseTelling(ResponseFold? fold, TimeProvider timeProvider)
{
    /// <summary>Null as long as the ladder has told nothing.</summary>
    public ToldLabel? Label { get; private set; }

    public JsonElement Tell(LadderAnswer answer, FailureReason reason, Usage spent)
    {
        var position = fold is { Position: var shown } && shown > ToldLabel.Beginning ? shown : ToldLabel.Beginning;
        var usage = spent.Plus(answer.Usage);
        Label = new ToldLabel(position.ToString(), answer.Level, reason, answer.Tried, answer.Source?.SourceRunId, usage.InputTokens, usage.OutputTokens, timeProvider.GetUtcNow());
        return Label.ToJson();
    }
}
