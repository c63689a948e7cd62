using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Makes a good body wrong in a few places: other values, other types, members that are missing, too many or there twice, text that is none.</summary>
internal static class BodyMutator
{
    private const int Deepest = 64;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    private static readonly string[] Bare = ["", " ", "null", "[]", "{}", "42", "\"x\"", "{", "{}{}", "\ufeff{}", "[[[[[[[[[[[[[[[[[[[[[[", "{\"a\":", "tru", "//", "\0"];

    public static byte[] Mutate(JsonNode? good, Random random)
    {
        if (random.Next(25) == 0)
        {
            return Encoding.UTF8.GetBytes(Bare[random.Next(Bare.Length)]);
        }

        var body = good;
        for (var left = random.Next(4); left > 0; left--)
        {
            body = Change(body, random);
        }

        var text = body?.ToJsonString(Plain) ?? "null";
        return random.Next(10) switch
        {
            0 => Encoding.UTF8.GetBytes(Twice(text)),
            1 => Encoding.UTF8.GetBytes(text.Replace("\"x\"", "\"\\ud83d\"", StringComparison.Ordinal).Replace("fuzz", "fu\\u0000zz", StringComparison.Ordinal)),
            2 => ByteMutator.Mutate(Encoding.UTF8.GetBytes(text), random),
            3 => Encoding.Unicode.GetBytes(text),
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    /// <summary>The first member of the body once more.</summary>
    private static string Twice(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return text.StartsWith('{') && comma > 0 ? $"{{{text[1..comma]},{text[1..]}" : text;
    }

    private static JsonNode? Change(JsonNode? node, Random random, int depth = 0)
    {
        if (depth < Deepest && node is JsonObject { Count: > 0 } parent && random.Next(4) != 0)
        {
            var name = parent.ElementAt(random.Next(parent.Count)).Key;
            switch (random.Next(6))
            {
                case 0:
                    parent.Remove(name);
                    break;
                case 1:
                    parent[Nasties.Text(random)] = Nasties.Value(random);
                    break;
                default:
                    parent[name] = Change(parent[name]?.DeepClone(), random, depth + 1);
                    break;
            }

            return parent;
        }

        if (depth < Deepest && node is JsonArray { Count: > 0 } list && random.Next(3) != 0)
        {
            var at = random.Next(list.Count);
            list[at] = Change(list[at]?.DeepClone(), random, depth + 1);
            return list;
        }

        return Nasties.Value(random);
    }
}
