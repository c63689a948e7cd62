namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Changes, inserts, removes, repeats and cuts bytes, with a liking for those that mean something.</summary>
internal static class ByteMutator
{
    private static readonly byte[] Structural = [.. "\r\n\0:;,%/? {}[]\"\\-0e"u8, 0x7F, 0x80, 0xC0, 0xE9, 0xED, 0xFE, 0xFF];

    public static byte[] Mutate(byte[] bytes, Random random)
    {
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            bytes = Once(bytes, random);
        }

        return bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var end = Math.Min(bytes.Length, at + random.Next(1, 30));
        switch (random.Next(6))
        {
            case 0:
                return [.. bytes[..at], Structural[random.Next(Structural.Length)], .. bytes[at..]];
            case 1:
                return [.. bytes[..at], (byte)random.Next(256), .. bytes[Math.Min(bytes.Length, at + 1)..]];
            case 2:
                return [.. bytes[..at], .. bytes[end..]];
            case 3:
                return [.. bytes[..end], .. bytes[at..end], .. bytes[end..]];
            case 4:
                return [.. bytes[..at], Structural[random.Next(Structural.Length)], .. bytes[Math.Min(bytes.Length, at + 1)..]];
            default:
                return random.Next(4) == 0 ? bytes[..at] : bytes;
        }
    }
}
