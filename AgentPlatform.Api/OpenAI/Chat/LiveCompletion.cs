using System.Text;
using System.Text.Json;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>
/// What one client sees of a chat completion being made: text as it is written, between rounds of the agent's tools too. This dialect cannot take text back; when what was
/// shown turns out to be void the stream ends with an error instead of an answer that was never given.
/// </summary>
/// <param name="holdsBack">Nothing is shown before the end: of answers that must fit a schema the first one may not be the last.</param>
internal sealed class LiveCompletion(EventStream stream, ChatRequest request, CompletionIds completion, bool holdsBack) : ILiveAnswer
{
    /// <summary>Between what was said before a tool was called and what is said after it.</summary>
    private const string BetweenRounds = "\n\n";

    private readonly StringBuilder _reply = new();
    private Guid _runId;
    private FrameId _last;
    private bool _hasBegun;
    private bool _owesBreak;

    /// <summary>Text was shown that does not count.</summary>
    public bool IsVoid { get; private set; }

    public FrameId PositionIn(Guid runId) => runId == _runId ? _last : FrameId.Start;

    public void Announce(CacheHeaders? cache) => stream.Cache = cache ?? stream.Cache;

    public async ValueTask ShowAsync(Guid runId, RunFrame frame, CancellationToken cancellationToken)
    {
        if (frame.Id is not { } id)
        {
            await stream.BeginAsync(cancellationToken);
            return;
        }

        IsVoid |= runId != _runId && _reply.Length > 0;
        (_runId, _last) = (runId, id);
        if (holdsBack)
        {
            await stream.BeginAsync(cancellationToken);
            return;
        }

        switch (frame)
        {
            case { Delta: { } delta }:
                IsVoid |= delta.Offset != _reply.Length;
                if (!IsVoid)
                {
                    await WriteAsync(delta.Text, cancellationToken);
                }

                break;
            case { Discarded: not null }:
                IsVoid |= _reply.Length > 0;
                break;
            case { Event: ModelReplied { ToolCalls.Count: > 0, HandedOver: null } }:
                _owesBreak |= _reply.Length > 0;
                _reply.Clear();
                break;
        }
    }

    /// <summary>What the client has not seen of the answer, why it ends, and what it cost.</summary>
    public async Task FinishAsync(AgentAnswer answer, CancellationToken cancellationToken)
    {
        var shown = _reply.ToString();
        if (IsVoid || !answer.Answer.StartsWith(shown, StringComparison.Ordinal))
        {
            IsVoid = true;
            return;
        }

        if (answer.Answer.Length > shown.Length)
        {
            await WriteAsync(answer.Answer[shown.Length..], cancellationToken);
        }

        if (answer.HandedOver is { } calls)
        {
            await SendAsync(new ChunkDelta { Role = RoleOnce(), ToolCalls = ChatToolCall.Of(calls, numbered: true) }, null, null, cancellationToken);
        }

        await SendAsync(new ChunkDelta { Role = RoleOnce() }, FinishReasons.Of(answer), answer, cancellationToken);
        if (request.IncludeUsage)
        {
            await SendAsync(new ChatChunk(completion.Id, completion.Created, request.Model, []) { Usage = ChatUsage.Of(answer.Usage) }, cancellationToken);
        }

        await stream.SendDataAsync("[DONE]"u8.ToArray(), cancellationToken);
    }

    /// <summary>An answer that was delivered before under the same key.</summary>
    public async Task ReplayAsync(JsonElement delivered, CancellationToken cancellationToken)
    {
        var choice = delivered.GetProperty("choices")[0];
        var message = choice.GetProperty("message");
        if (message.GetProperty("content").GetString() is { Length: > 0 } text)
        {
            await WriteAsync(text, cancellationToken);
        }

        if (message.TryGetProperty("tool_calls", out var calls))
        {
            await SendAsync(
                new ChunkDelta
                {
                    Role = RoleOnce(),
                    ToolCalls = [.. calls.EnumerateArray().Select((call, index) => new ChatToolCall(
                        call.GetProperty("id").GetString()!,
                        new ChatFunction(call.GetProperty("function").GetProperty("name").GetString()!, call.GetProperty("function").GetProperty("arguments").GetString()!)) { Index = index })],
                },
                null, null, cancellationToken);
        }

        await SendAsync(new ChunkDelta { Role = RoleOnce() }, choice.GetProperty("finish_reason").GetString(), null, cancellationToken);
        if (request.IncludeUsage)
        {
            var usage = delivered.GetProperty("usage");
            await SendAsync(
                new ChatChunk(completion.Id, completion.Created, request.Model, [])
                {
                    Usage = new ChatUsage(usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64(), usage.GetProperty("total_tokens").GetInt64()),
                },
                cancellationToken);
        }

        await stream.SendDataAsync("[DONE]"u8.ToArray(), cancellationToken);
    }

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        _reply.Append(text);
        await SendAsync(new ChunkDelta { Role = RoleOnce(), Content = _owesBreak ? BetweenRounds + text : text }, null, null, cancellationToken);
        _owesBreak = false;
    }

    private string? RoleOnce()
    {
        var isFirst = !_hasBegun;
        _hasBegun = true;
        return isFirst ? "assistant" : null;
    }

    private Task SendAsync(ChunkDelta delta, string? finishReason, AgentAnswer? last, CancellationToken cancellationToken) => SendAsync(
        new ChatChunk(completion.Id, completion.Created, request.Model, [new ChunkChoice(0, delta, finishReason)])
        {
            RunId = last?.RunId,
            Degraded = last?.Degraded,
            Cache = last?.Cache,
        },
        cancellationToken);

    private Task SendAsync(ChatChunk chunk, CancellationToken cancellationToken) =>
        stream.SendDataAsync(JsonSerializer.SerializeToUtf8Bytes(chunk, PublicJson.Options), cancellationToken);
}
