using System.Text.Json.Nodes;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Values that have broken programs before.</summary>
internal static class Nasties
{
    private static readonly string[] Texts =
    [
        "", " ", "\t\r\n", "\0", "a\0b", "\u001b[31mred\u001b[0m", "\u0085\u009b", "\u2028\u2029", "\u202eevil\u202c", "\ufeff", "\uffff", "😀", "e\u0301\u0301\u0301",
        "ﷺﷺﷺ", "İıſK", "抱歉", "../../etc/passwd", "..%2f..%2f", "'; DROP TABLE runs; --", "{{7*7}}${7*7}<%= 7*7 %>", "<script>alert(1)</script>", "%s%n%x", "null", "true",
        "NaN", "Infinity", "-1", "1e999", "{\"level\":\"Error\",\"message\":\"forged\"}", "x\n{\"level\":\"Error\",\"message\":\"forged\"}", "a/b", "a|b", "a:b", "*", "__proto__", "$ref", "$type",
        "ap_notakey", "Bearer x", "01963c5e-8b2a-7c3d-9e4f-0123456789ab", "00000000-0000-0000-0000-000000000000", "default", "fuzz",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "0.1", "1e-400", "1e400", "-1e400", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        "123456789012345678901234567890", "0.30000000000000004", "1e15", "5e-324",
    ];

    public static string Text(Random random) => random.Next(20) switch
    {
        0 => new string('x', random.Next(1, 70_000)),
        1 => string.Concat(Enumerable.Repeat("😀", random.Next(1, 5_000))),
        2 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0xD7FF))),
        _ => Texts[random.Next(Texts.Length)],
    };

    public static JsonNode? Value(Random random) => random.Next(12) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 or 3 or 4 => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
        5 => new JsonArray(),
        6 => new JsonObject(),
        7 => Deep(random.Next(1, 60), random),
        8 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => (JsonNode?)"x")]),
        _ => Text(random),
    };

    private static JsonNode? Deep(int levels, Random random)
    {
        JsonNode? node = 1;
        for (; levels > 0; levels--)
        {
            node = random.Next(2) == 0 ? new JsonArray(node) : new JsonObject { ["a"] = node };
        }

        return node;
    }
}
