using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Indexing;
using AgentPlatform.Executor.Problems;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Documents.Search;

/// <summary>Searches the documents of this installation. A <c>read</c>: documents change.</summary>
internal sealed class SearchDocumentsPlugin(DocumentSearch search, DocumentFolders folders, IndexState index, TimeProvider time)
{
    /// <summary>For the database. Less than the tool's, so that the model is told what it can do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [KernelFunction("search_documents")]
    [Description("Searches the documentation of this platform and the other documents of this installation. Returns passages with file and line to name as the source.")]
    [ToolEffect(ToolEffect.Read, DeadlineSeconds = 5, Untrusted = true)]
    public async Task<FoundPassages> SearchAsync(
        [Description("A question or key words, in the language of the documents.")][StringLength(1_000, MinimumLength = 1)] string query,
        [Description("Only this folder.")] string? folder = null,
        [Description("How many passages.")][Range(1, 10)] int limit = 5,
        ToolCallContext? call = null,
        CancellationToken cancellationToken = default)
    {
        var tenantId = call?.TenantId ?? DocumentFolders.EveryTenant;
        var searched = Folders(folder, tenantId);
        var found = await FindAsync(tenantId, query, searched, limit, cancellationToken);
        return found.Count > 0 ? new FoundPassages(found)
            : index.IsComplete ? new FoundPassages([], "Nothing was found. Try other words, or the other language of the documents; do not make an answer up.")
            : new FoundPassages([], "Nothing was found yet: the documents are still being read in. Ask again in a moment.");
    }

    private IReadOnlyList<DocumentFolder> Folders(string? name, string tenantId)
    {
        var allowed = folders.Of(tenantId);
        if (name is null)
        {
            return allowed;
        }

        var chosen = allowed.Where(folder => folder.Name == name).ToList();
        return chosen.Count > 0 ? chosen : throw new ToolException(
            allowed.Count == 0
                ? "There are no folders to search. Answer without."
                : $"There is no such folder. Folders: {string.Join(", ", allowed.Select(folder => folder.Name))}; leave it out to search all.",
            ToolErrorKind.InvalidArguments);
    }

    private async Task<IReadOnlyList<Passage>> FindAsync(
        string tenantId, string query, IReadOnlyList<DocumentFolder> searched, int limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // To end a command Npgsql asks the server first, which one that hangs does not answer.
            return await search.FindAsync(tenantId, query, searched, limit, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (late.IsCancellationRequested || DatabaseAway.Is(exception)))
        {
            throw new ToolException("The documents cannot be searched at the moment. Try once more later, or answer without them and say so.", innerException: exception);
        }
    }
}
