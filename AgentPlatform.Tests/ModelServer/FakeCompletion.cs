using System.Buffers;
using System.Text.Json;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>Writes a plain chat completion.</summary>
internal static class FakeCompletion
{
    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    public static void Write(IBufferWriter<byte> output, FakeModelRequest request, string model, FakeReply reply)
    {
        using var json = new Utf8JsonWriter(output, Unchecked);
        json.WriteStartObject();
        json.WriteString("id"u8, FakeCompletionStream.Id(request));
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, 1_700_000_000);
        json.WriteString("model"u8, model);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, reply.Text);
        if (reply.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            for (var index = 0; index < reply.ToolCalls.Count; index++)
            {
                json.WriteStartObject();
                WriteCall(json, request, reply.ToolCalls[index], index, reply.ToolCalls[index].Arguments);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteString("finish_reason"u8, reply.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (reply.HasUsage)
        {
            WriteUsage(json, request, reply);
        }

        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, FakeModelRequest request, FakeToolCall call, int index, string arguments)
    {
        if (call.Id is { } id)
        {
            json.WriteString("id"u8, id == FakeToolCall.OwnId ? $"call_{request.Number}_{index}" : id);
        }

        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, FakeModelRequest request, FakeReply reply)
    {
        var input = 10 * request.Messages.GetArrayLength();
        var output = 5 + (5 * reply.ToolCalls.Count);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, output);
        json.WriteNumber("total_tokens"u8, input + output);
        json.WriteEndObject();
    }
}
