namespace AgentPlatform.Api.OpenApi;

/// <summary>What the API description says of streams, which no schema can.</summary>
internal static class EventFacts
{
    public const string Description =
        """
        Server-sent events; `data` is one line of JSON. `id` is `{seq}.{n}`: an event of the run has n = 0, the pieces of the reply being written after it
        count from 1. Events that this request alone sees (`degraded`, a text that no model of the run wrote, `done`, `error`) have no id.
        Comments are heartbeats. Names that are not known are to be skipped.

        When the run cannot give its answer, what was shown of a reply in vain is taken back by `reply_discarded`; `degraded` comes next, then the text that takes
        its place. Only a fallback model's text is shown as it is written, before `degraded` can say whose it is.

        | event | data |
        |---|---|
        | `run_started` | `run_id, agent, agent_version, session_id, turn, background, queued, at` |
        | `delta` | `text, offset, attempt`: a piece of the reply being written; `offset` counts UTF-16 code units, 0 begins a new text |
        | `model_replied` | `text, tool_calls [{call_id, tool, arguments}], model, fallback_model, usage, attempt, duration_ms, finish_reason, limit, at` |
        | `tool_started` | `call_id, tool, effect, at`: before a call that has an effect |
        | `tool_returned` | `call_id, tool, result, error, synthetic, truncated, duration_ms, at` |
        | `approval_requested` | `call_id, tool, arguments, expires_at, at` |
        | `approval_decided` | `call_id, approved, reason, by, at` |
        | `reply_discarded` | `attempt`: forget the deltas of this attempt |
        | `run_resumed` | `executor, epoch, after, at`; `after` is `queue`, `approval` or `interruption` |
        | `degraded` | why the answer is not the agent's own full one; as in the body |
        | `error` | the problem; the last event |
        | `done` | the body that comes without streaming (of 202 when the run waits for a person); the last event |
        """;

    public const string Example =
        "id: 1.1\nevent: delta\ndata: {\"text\":\"397\",\"offset\":0,\"attempt\":1}\n\nid: 1.2\nevent: delta\ndata: {\"text\":\".8\",\"offset\":3,\"attempt\":1}\n\n";
}
