using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Documents.Files;

/// <summary>What a file says, or why it is left out.</summary>
/// <param name="Hash">Of the content, and of the way it is cut and indexed.</param>
internal sealed record DocumentText(string? Text, byte[] Hash, string? Refusal)
{
    /// <summary>Raise it when passages or terms are made in another way: everything is indexed anew.</summary>
    private const byte IndexVersion = 1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<DocumentText> ReadAsync(DocumentFile file, int maxBytes, CancellationToken cancellationToken)
    {
        if (file.Length > maxBytes)
        {
            return Refused($"it has {file.Length} bytes, at most {maxBytes} are read (Documents:MaxFileBytes)");
        }

        var bytes = await File.ReadAllBytesAsync(file.RealPath, cancellationToken);
        return bytes.Length > maxBytes ? Refused($"it grew past {maxBytes} bytes (Documents:MaxFileBytes)") : Read(bytes);
    }

    private static DocumentText Read(byte[] bytes)
    {
        ReadOnlySpan<byte> content = bytes;
        if (content.StartsWith(Encoding.UTF8.Preamble))
        {
            content = content[Encoding.UTF8.Preamble.Length..];
        }

        if (content.Contains((byte)0))
        {
            return Refused("it is no text: it holds zero bytes");
        }

        try
        {
            var text = Strict.GetString(content).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            return new DocumentText(ToolText.Clean(text), SHA256.HashData([IndexVersion, .. content]), Refusal: null);
        }
        catch (DecoderFallbackException exception)
        {
            return Refused($"it is not UTF-8 (byte {exception.Index + 1}); save it as UTF-8");
        }
    }

    private static DocumentText Refused(string why) => new(Text: null, [], why);
}
