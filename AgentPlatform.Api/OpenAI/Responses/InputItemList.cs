using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>A page of what a response was asked with.</summary>
internal sealed record InputItemList(IReadOnlyList<JsonObject> Data, bool HasMore)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";

    public string? FirstId => Data is [var first, ..] ? IdOf(first) : null;

    public string? LastId => Data is [.., var last] ? IdOf(last) : null;

    /// <param name="items">In the order in which they came.</param>
    /// <param name="after">Id of the last item of the page before.</param>
    /// <returns>Null when there is no such item.</returns>
    public static InputItemList? Page(IReadOnlyList<JsonObject> items, string? after, int limit, bool ascending)
    {
        var ordered = ascending ? items.ToList() : [.. items.Reverse()];
        var from = after is null ? 0 : ordered.FindIndex(item => IdOf(item) == after) + 1;
        return after is not null && from == 0 ? null : new([.. ordered.Skip(from).Take(limit)], ordered.Count > from + limit);
    }

    private static string IdOf(JsonObject item) => item["id"]!.GetValue<string>();
}
