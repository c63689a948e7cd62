using System.Globalization;
using System.Text;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Cost;

/// <summary>Reads a client's side of the Redis protocol: arrays of bulk strings, in pieces as they arrive.</summary>
internal sealed class RespCommands
{
    private readonly List<byte> _rest = [];

    /// <summary>The commands that these bytes complete, each as its words.</summary>
    public IEnumerable<string[]> Read(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        var commands = new List<string[]>();
        while (TryRead(out var command, out var length))
        {
            commands.Add(command);
            _rest.RemoveRange(0, length);
        }

        return commands;
    }

    private bool TryRead(out string[] command, out int length)
    {
        command = [];
        length = 0;
        if (Line(ref length, '*') is not { } count)
        {
            return false;
        }

        var words = new string[count];
        for (var i = 0; i < count; i++)
        {
            if (Line(ref length, '$') is not { } size || _rest.Count < length + size + 2)
            {
                return false;
            }

            words[i] = Encoding.UTF8.GetString([.. _rest.GetRange(length, size)]);
            length += size + 2;
        }

        command = words;
        return true;
    }

    /// <summary>The number of a line such as <c>*3</c> or <c>$12</c>; null when it has not arrived whole.</summary>
    private int? Line(ref int at, char mark)
    {
        var end = _rest.IndexOf((byte)'\n', at);
        if (end < 0)
        {
            return null;
        }

        Assert.Equal(mark, (char)_rest[at]);
        var number = int.Parse(Encoding.ASCII.GetString([.. _rest.GetRange(at + 1, end - at - 2)]), CultureInfo.InvariantCulture);
        at = end + 1;
        return number;
    }
}
