using System.Text.Json;
using AgentPlatform.Api.Input;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>Reads the members of a request by name and kind, and remembers the first that is wrong. A null stands for a member left out.</summary>
internal sealed class RequestMembers(JsonElement body)
{
    /// <summary>What is wrong; null while nothing is.</summary>
    public ProblemHttpResult? Problem { get; private set; }

    public static ProblemHttpResult Wrong(string name, string detail) => Problems.Problem.Invalid(name, detail);

    /// <summary>A member that means something, and cannot be had here.</summary>
    public static ProblemHttpResult Unsupported(string name, string detail) =>
        Problems.Problem.Result(StatusCodes.Status400BadRequest, ProblemCodes.UnsupportedParameter, detail, name);

    /// <summary>The member, if it is there and not null.</summary>
    public JsonElement? Any(string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.Clone() : null;

    public JsonElement? Of(string name, JsonValueKind kind, string what)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == kind)
        {
            return value;
        }

        Break(name, $"'{name}' must be {what}.");
        return null;
    }

    public string? Text(string name) => Of(name, JsonValueKind.String, "a text")?.GetString();

    public bool? Flag(string name)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Break(name, $"'{name}' must be true or false.");
        return null;
    }

    public double? Number(string name, double min, double max)
    {
        var number = Of(name, JsonValueKind.Number, "a number")?.GetDouble();
        if (number is null || (number >= min && number <= max))
        {
            return number;
        }

        Break(name, FormattableString.Invariant($"'{name}' must be a number from {min} to {max}."));
        return null;
    }

    public int? Count(string name)
    {
        if (Of(name, JsonValueKind.Number, "a whole number") is not { } value)
        {
            return null;
        }

        if (value.TryGetInt32(out var count) && count > 0)
        {
            return count;
        }

        Break(name, $"'{name}' must be a whole number from 1.");
        return null;
    }

    /// <summary>One of a few words.</summary>
    public string? Word(string name, params ReadOnlySpan<string> known)
    {
        if (Text(name) is not { } word)
        {
            return null;
        }

        if (known.Contains(word))
        {
            return word;
        }

        Break(name, $"'{name}' is '{Words.Short(word)}' here. Known is: {string.Join(", ", known.ToArray())}.");
        return null;
    }

    public Dictionary<string, string>? Labels(string name)
    {
        if (Of(name, JsonValueKind.Object, "an object of texts") is not { } value)
        {
            return null;
        }

        if (value.EnumerateObject().Any(label => label.Value.ValueKind != JsonValueKind.String))
        {
            Break(name, $"The values in '{name}' must be texts.");
            return null;
        }

        return value.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);
    }

    /// <summary>A member that has no effect here, and would have one elsewhere.</summary>
    public void Refuse(string name, string why)
    {
        if (Any(name) is not null)
        {
            Break(Unsupported(name, $"'{name}' is not supported: {why}"));
        }
    }

    public void RefuseUnknown(IReadOnlySet<string> known)
    {
        if (body.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            Break(Words.Short(unknown), $"Unknown parameter: '{Words.Short(unknown)}'.{(NearestName.To(unknown, known) is { } near ? $" Did you mean '{near}'?" : "")}");
        }
    }

    public void Break(ProblemHttpResult? problem) => Problem ??= problem;

    private void Break(string name, string detail) => Break(Wrong(name, detail));
}
