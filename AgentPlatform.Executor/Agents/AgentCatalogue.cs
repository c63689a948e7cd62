using System.Collections.Concurrent;
using System.Text;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.OpenApi;

namespace AgentPlatform.Executor.Agents;

/// <summary>
/// The agents of this executor. Files are read when it is built, so that a bad one ends the start before anything runs;
/// later changes are taken whole or not at all. Versions that runs still stay on are kept, in memory or in Postgres.
/// </summary>
internal sealed partial class AgentCatalogue
{
    /// <summary>Versions kept in memory; more come from people saving files, or from old runs being read.</summary>
    private const int MaxVersions = 1_000;

    private readonly AgentFolder _folder;
    private readonly ToolCatalogue _tools;
    private readonly AgentModels _models;
    private readonly AgentVersionStore _store;
    private readonly OpenApiDocuments? _documents;
    private readonly OpenApiSection? _openApi;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<(string Name, string Version), AgentDefinition> _versions = new();
    private readonly Lock _reloading = new();
    private volatile AgentSet _set;
    private string _lastSeen;

    /// <exception cref="AgentFilesException">The files are not valid.</exception>
    public AgentCatalogue(
        AgentFolder folder,
        ToolCatalogue tools,
        AgentModels models,
        AgentVersionStore store,
        ILogger<AgentCatalogue> logger,
        OpenApiDocuments? documents = null,
        ToolSecrets? secrets = null)
    {
        _folder = folder;
        _tools = tools;
        _models = models;
        _store = store;
        _logger = logger;
        _documents = documents;
        _openApi = documents is null || secrets is null ? null : new OpenApiSection(documents, secrets, folder.Path);
        _tools.Changed += SeeTools;
        var files = folder.Read();
        _lastSeen = Digest(files);
        _set = Build(files);
        Remember(_set);
        Loaded(_set.Names, folder.Path);
        UseServers(_set);
    }

    /// <summary>After the agents changed.</summary>
    public event Action? Changed;

    /// <summary>By name.</summary>
    public IReadOnlyList<AgentDefinition> Current => _set.Current;

    /// <summary>Quoted, as the header wants it.</summary>
    public string ETag => _set.ETag;

    /// <summary>What callers see, with its tag: one moment.</summary>
    public AgentSet Set => _set;

    /// <summary>The newest definition; null when there is no such agent.</summary>
    public AgentDefinition? Find(string name) => _set.Find(name);

    /// <summary>One version, when this process has seen it.</summary>
    public AgentDefinition? FindVersion(string name, string version) => _versions.GetValueOrDefault((name, version));

    /// <summary>One version, wherever it is; null when it was never stored.</summary>
    /// <exception cref="Npgsql.NpgsqlException">It is not in memory and Postgres cannot be asked.</exception>
    public async Task<AgentDefinition?> LoadVersionAsync(string name, string version, CancellationToken cancellationToken)
    {
        if (FindVersion(name, version) is { } known)
        {
            return known;
        }

        var stored = await _store.LoadAsync(name, version, cancellationToken);
        if (stored is not null)
        {
            Remember(stored);
        }

        return stored;
    }

    /// <summary>Waits a bounded time for the tools of MCP servers, so that the first questions find them.</summary>
    public Task FirstToolsAsync(CancellationToken cancellationToken) => _tools.Servers?.FirstLookAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Takes the present content of the folder, and of the documents its files name, over if it changed and is valid; otherwise logs what is wrong.</summary>
    public void Reload()
    {
        lock (_reloading)
        {
            try
            {
                var files = _folder.Read();
                var seen = Digest(files);
                if (seen != _lastSeen || _documents?.Changed() is true)
                {
                    _lastSeen = seen;
                    Take(Build(files));
                }
            }
            catch (AgentFilesException exception)
            {
                Rejected(exception.Message);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A file that is being written, most likely: the next look finds it whole.
                Unreadable(exception, _folder.Path);
            }
        }
    }

    private void Take(AgentSet next)
    {
        if (next.ETag == _set.ETag)
        {
            return;
        }

        Remember(next);
        _set = next;
        Loaded(next.Names, _folder.Path);
        UseServers(next);
        Changed?.Invoke();
    }

    /// <summary>What callers see of the agents follows the tools; the definitions and their versions do not.</summary>
    private void SeeTools()
    {
        lock (_reloading)
        {
            _set = new AgentSet(_set.Current, _tools, _models);
        }
    }

    private void UseServers(AgentSet set) => _tools.Servers?.Apply(set.Current.SelectMany(agent => agent.McpServers ?? []));

    private AgentSet Build(IReadOnlyList<AgentFile> files)
    {
        _documents?.Begin();
        var definitions = AgentFiles.Parse(
            _folder.Path, files, [.. _tools.All.Select(tool => tool.Name)], _models.Names, _models.IsPriced, McpRules.Of(_tools.Servers), _openApi);
        return new AgentSet(definitions, _tools, _models);
    }

    private void Remember(AgentSet set)
    {
        foreach (var definition in set.Current)
        {
            Remember(definition);
        }
    }

    private void Remember(AgentDefinition definition)
    {
        if (_versions.Count >= MaxVersions)
        {
            _versions.Clear();
            foreach (var current in _set.Current)
            {
                _versions[(current.Name, current.Version)] = current;
            }
        }

        _versions[(definition.Name, definition.Version)] = definition;
    }

    private static string Digest(IReadOnlyList<AgentFile> files) =>
        AgentVersion.Hash(Encoding.UTF8.GetBytes(string.Join('\0', files.SelectMany(file => new[] { file.Name, file.Text }))));

    [LoggerMessage(Level = LogLevel.Information, Message = "Agents {Names} from {Folder}")]
    private partial void Loaded(string names, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "The agents stay as they were. {Errors}")]
    private partial void Rejected(string errors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The agents stay as they were: {Folder} cannot be read now")]
    private partial void Unreadable(Exception exception, string folder);
}
