using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentPlatform.Api.OpenApi;

/// <summary>The head of the document. It names no server, so that it is the same wherever it is served.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Agent", "Ask."),
        ("Runs", "What was done for a question, step by step."),
        ("Sessions", "Conversations and the documents kept with them."),
        ("Agents", "Who can be asked."),
        ("Budgets", "What may be used, and what is left of it."),
        ("Keys", "Who may call."),
        ("Cache", "Answers that are kept."),
        ("OpenAI", "The API that OpenAI's clients speak: an agent is a model. Errors have OpenAI's shape."),
        ("Operations", "Health and metrics."),
    ];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AgentPlatform",
            Version = "v1",
            Description = "Ask agents that use tools; get an honest answer each time. JSON is snake_case; members that are unknown or sent twice are refused. Every error is application/problem+json with a stable `code`.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [];
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        return Task.CompletedTask;
    }
}
