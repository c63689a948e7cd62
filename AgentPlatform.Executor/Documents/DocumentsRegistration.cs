using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Indexing;
using AgentPlatform.Executor.Documents.Search;
using AgentPlatform.Executor.Tools;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Documents;

/// <summary>Registration of the documents: their folders, their index and the tool that searches it.</summary>
internal static class DocumentsRegistration
{
    public static IServiceCollection AddDocuments(this IServiceCollection services)
    {
        services.AddOptions<DocumentOptions>().BindConfiguration(DocumentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DocumentOptions>, DocumentOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DocumentFolders>();
        services.TryAddSingleton<DocumentIndexer>();
        services.TryAddSingleton<IndexState>();
        services.TryAddSingleton<DocumentSearch>();
        services.AddHostedService<DocumentWorker>();
        return services.AddToolPlugin<SearchDocumentsPlugin>();
    }
}
