using System.Buffers;
using System.Net.Mime;
using System.Text.Json;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>An HTTP endpoint of the configuration that agents may call as a tool.</summary>
/// <param name="Schema">JSON schema of the arguments, an object.</param>
/// <param name="HasBody">Arguments that no placeholder takes are sent as a JSON object; else they go into the query.</param>
/// <param name="Headers">Sent with each request; the values may be secrets.</param>
internal sealed record HttpToolDefinition(
    HttpEndpoint Endpoint,
    string Description,
    UrlTemplate Url,
    JsonElement Schema,
    bool HasBody,
    IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    /// <exception cref="ToolException">An argument cannot be where the URL has it.</exception>
    public HttpToolRequest Request(IReadOnlyDictionary<string, JsonElement> arguments, ToolCallContext call) =>
        new(Endpoint, Url.Fill(arguments, restAsQuery: !HasBody), Headers, HasBody ? Body(arguments) : null, call);

    private HttpPayload Body(IReadOnlyDictionary<string, JsonElement> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in arguments.Where(argument => !Url.Uses(argument.Key)))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return new HttpPayload(buffer.WrittenMemory, MediaTypeNames.Application.Json);
    }
}
