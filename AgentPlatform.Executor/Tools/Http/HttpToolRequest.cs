using System.Buffers;
using System.Text.Json;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>One call of a tool, ready to be sent, as often as its effect allows: each message is the same.</summary>
internal sealed class HttpToolRequest(HttpToolDefinition tool, IReadOnlyDictionary<string, JsonElement> arguments, ToolCallContext call)
{
    private readonly Uri _uri = tool.Url.Fill(arguments, restAsQuery: !tool.HasBody);
    private readonly ReadOnlyMemory<byte> _json = tool.HasBody ? Json(tool, arguments) : default;

    public HttpToolDefinition Tool => tool;

    public ToolCallContext Call => call;

    /// <summary>Something of a message may have reached the server. Known of tools that change something, and only asked of them.</summary>
    public bool MayHaveArrived { get; private set; }

    public HttpRequestMessage NewMessage()
    {
        var message = new HttpRequestMessage(tool.Method, _uri);
        foreach (var (name, value) in tool.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        IdempotencyHeader.Add(message, call);
        if (tool.HasBody || tool.Changes || tool.Method == HttpMethod.Post)
        {
            message.Content = new HttpToolContent(_json, begins: () => MayHaveArrived = true);
        }

        return message;
    }

    private static ReadOnlyMemory<byte> Json(HttpToolDefinition tool, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in arguments.Where(argument => !tool.Url.Uses(argument.Key)))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
