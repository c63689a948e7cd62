using NpgsqlTypes;

namespace AgentPlatform.Executor.Storage;

/// <summary>Row of <c>document_chunks</c>: a passage of a document.</summary>
internal sealed class DocumentChunkEntity
{
    public required string TenantId { get; set; }
    public required string Folder { get; set; }
    public required string Path { get; set; }

    /// <summary>From 1 in the document.</summary>
    public int Number { get; set; }

    /// <summary>Of its first line, from 1.</summary>
    public int Line { get; set; }
    public required string Heading { get; set; }
    public required string Content { get; set; }

    /// <summary>Terms of our own making: weight A the heading's, B the path's, D the text's.</summary>
    public required NpgsqlTsVector Search { get; set; }
}
