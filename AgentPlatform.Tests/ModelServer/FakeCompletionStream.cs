using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>Writes a chat completion as server-sent events: a chunk per word, tool arguments in two halves.</summary>
internal sealed class FakeCompletionStream(HttpContext context, FakeModelRequest request, string model, FakeReply reply, TimeProvider time, CancellationToken stopping)
{
    private readonly PipeWriter _output = context.Response.BodyWriter;

    public static string Id(FakeModelRequest request) => $"chatcmpl-{request.Number}";

    public async Task WriteAsync()
    {
        var pieces = Pieces().ToList();
        for (var index = 0; index < pieces.Count; index++)
        {
            if (index == pieces.Count / 2 && await EndsHereAsync())
            {
                return;
            }

            if (reply.PieceDelay > TimeSpan.Zero)
            {
                await Task.Delay(reply.PieceDelay, time, stopping);
            }

            Event(pieces[index], finishReason: null);
            await _output.FlushAsync(stopping);
        }

        Event(static _ => { }, reply.FinishReason);
        if (reply.HasUsage && request.WantsStreamUsage)
        {
            UsageEvent();
        }

        Raw("data: [DONE]\n\n"u8);
        await _output.FlushAsync(stopping);
    }

    private async Task<bool> EndsHereAsync()
    {
        if (reply.Stall == FakeStall.MidStream)
        {
            await Task.Delay(Timeout.Infinite, stopping);
        }

        if (reply.Cut == FakeCut.Reset)
        {
            context.Abort();
        }

        return reply.Cut != FakeCut.None;
    }

    /// <summary>What goes into the delta of each chunk.</summary>
    private IEnumerable<Action<Utf8JsonWriter>> Pieces()
    {
        yield return static json => json.WriteString("role"u8, "assistant"u8);
        foreach (var word in (reply.Text ?? "").Split(' ').Select((word, index) => index == 0 ? word : " " + word).Where(word => word.Length > 0))
        {
            yield return json => json.WriteString("content"u8, word);
        }

        for (var index = 0; index < reply.ToolCalls.Count; index++)
        {
            var (at, call) = (index, reply.ToolCalls[index]);
            var half = call.Arguments.Length / 2;
            yield return json => CallPiece(json, at, () => FakeCompletion.WriteCall(json, request, call, at, call.Arguments[..half]));
            yield return json => CallPiece(json, at, () =>
            {
                json.WriteStartObject("function"u8);
                json.WriteString("arguments"u8, call.Arguments[half..]);
                json.WriteEndObject();
            });
        }
    }

    private static void CallPiece(Utf8JsonWriter json, int index, Action content)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        content();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void Event(Action<Utf8JsonWriter> delta, string? finishReason)
    {
        Chunk(json =>
        {
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            delta(json);
            json.WriteEndObject();
            json.WriteString("finish_reason"u8, finishReason);
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    private void UsageEvent() => Chunk(json =>
    {
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        FakeCompletion.WriteUsage(json, request, reply);
    });

    private void Chunk(Action<Utf8JsonWriter> content)
    {
        Raw("data: "u8);
        using (var json = new Utf8JsonWriter(_output))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Id(request));
            json.WriteString("object"u8, "chat.completion.chunk"u8);
            json.WriteNumber("created"u8, 1_700_000_000);
            json.WriteString("model"u8, model);
            content(json);
            json.WriteEndObject();
        }

        Raw("\n\n"u8);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output.GetSpan(bytes.Length));
        _output.Advance(bytes.Length);
    }
}
