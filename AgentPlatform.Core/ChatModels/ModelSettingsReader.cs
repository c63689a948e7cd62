using System.ComponentModel.DataAnnotations;
using AgentPlatform.Core.ChatModels.Builtin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Core.ChatModels;

/// <summary>
/// Decides which models exist and where they are. For the default model, in this order: what <c>Models:Default</c> says;
/// <c>OPENAI_API_KEY</c> or <c>OPENAI_BASE_URL</c>; <c>AZURE_OPENAI_ENDPOINT</c>; the built-in model. Reports all mistakes at once.
/// </summary>
/// <param name="mayFail">Models may be told to fail: this is Development.</param>
internal sealed class ModelSettingsReader(IConfiguration configuration, bool mayFail = false)
{
    private const string DefaultName = "default";
    private const string OpenAIAddress = "https://api.openai.com/v1";
    private const string OllamaAddress = "http://localhost:11434/v1";
    private const string AzureEndpoint = "AZURE_OPENAI_ENDPOINT";

    private readonly List<string> _mistakes = [];

    public IReadOnlyList<ModelSettings> Read()
    {
        var sections = configuration.GetSection(ModelOptions.Section).GetChildren().ToList();
        var settings = sections.Select(section => ReadModel(section.Key, Bind(section))).ToList();
        if (!sections.Any(section => IsDefault(section.Key)))
        {
            settings.Insert(0, ReadModel("Default", new ModelOptions()));
        }

        return _mistakes.Count == 0
            ? settings
            : throw new OptionsValidationException(ModelOptions.Section, typeof(ModelOptions), _mistakes);
    }

    private ModelOptions Bind(IConfigurationSection section)
    {
        ModelOptions options;
        try
        {
            options = section.Get<ModelOptions>() ?? new ModelOptions();
        }
        catch (InvalidOperationException mismatch)
        {
            // The binder's message names the key and the type that it wanted.
            _mistakes.Add(mismatch.Message);
            return new ModelOptions { Provider = ModelProviders.Builtin };
        }

        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        if (options.Faults is { } faults)
        {
            Validator.TryValidateObject(faults, new ValidationContext(faults), results, validateAllProperties: true);
        }

        _mistakes.AddRange(results.Select(result => $"{section.Path}: {result.ErrorMessage}"));
        (options.Provider, options.Endpoint, options.ApiKey, options.Model) =
            (Text(options.Provider), Text(options.Endpoint), Text(options.ApiKey), Text(options.Model));
        return options;
    }

    private ModelSettings ReadModel(string name, ModelOptions options)
    {
        var path = $"{ModelOptions.Section}:{name}";
        var (provider, chosenBy) = ChooseProvider(name, path, options);
        var isDefault = IsDefault(name);
        var address = provider switch
        {
            ModelProviders.OpenAI => OpenAIEndpoint(options, chosenBy),
            ModelProviders.Ollama => options.Endpoint ?? OllamaAddress,
            _ => null,
        };

        return new ModelSettings(
            isDefault ? DefaultName : name,
            provider,
            ParseEndpoint(path, provider, address),
            provider == ModelProviders.OpenAI ? Key(path, options, chosenBy) : options.ApiKey,
            provider == ModelProviders.Builtin ? BuiltinChatClient.ModelId : options.Model ?? (isDefault ? Variable("OPENAI_MODEL") : null),
            options.InputPrice ?? (provider == ModelProviders.Builtin ? 0m : null),
            options.OutputPrice ?? (provider == ModelProviders.Builtin ? 0m : null),
            isDefault ? $"{path}:Model or OPENAI_MODEL" : $"{path}:Model",
            chosenBy)
        {
            Limits = ModelLimits.Of(options),
            Faults = CheckFaults(path, provider, options.Faults),
        };
    }

    private BuiltinFaultOptions? CheckFaults(string path, string provider, BuiltinFaultOptions? faults)
    {
        if (faults is not null && provider != ModelProviders.Builtin)
        {
            _mistakes.Add($"{path}:Faults: only the built-in model can be told to fail. Use the header X-Fault instead.");
        }
        else if (faults is not null && !mayFail)
        {
            _mistakes.Add($"{path}:Faults: models are told to fail in Development only. Remove the section.");
        }

        return faults;
    }

    private (string Provider, string ChosenBy) ChooseProvider(string name, string path, ModelOptions options)
    {
        if (options.Provider is not null)
        {
            var provider = options.Provider.ToLowerInvariant();
            if (provider is not (ModelProviders.OpenAI or ModelProviders.Ollama or ModelProviders.Builtin))
            {
                _mistakes.Add($"{path}:Provider: \"{options.Provider}\" is not known; use openai, ollama or builtin.");
            }

            return (provider, $"{path}:Provider");
        }

        if (options.Endpoint is not null || options.ApiKey is not null)
        {
            return (ModelProviders.OpenAI, options.Endpoint is null ? $"{path}:ApiKey" : $"{path}:Endpoint");
        }

        var chosen = (Variable("OPENAI_BASE_URL"), Variable("OPENAI_API_KEY"), Variable("AZURE_OPENAI_ENDPOINT")) switch
        {
            (not null, _, _) => (ModelProviders.OpenAI, "OPENAI_BASE_URL"),
            (_, not null, _) => (ModelProviders.OpenAI, "OPENAI_API_KEY"),
            (_, _, not null) => (ModelProviders.OpenAI, AzureEndpoint),
            _ => (ModelProviders.Builtin, "no model setting"),
        };
        if (!IsDefault(name) && chosen.Item1 == ModelProviders.Builtin)
        {
            _mistakes.Add($"{path}:Provider: say openai, ollama or builtin.");
        }

        return chosen;
    }

    private string OpenAIEndpoint(ModelOptions options, string chosenBy)
    {
        if (options.Endpoint is not null)
        {
            return options.Endpoint;
        }

        if (chosenBy != AzureEndpoint)
        {
            return Variable("OPENAI_BASE_URL") ?? OpenAIAddress;
        }

        var azure = Variable(AzureEndpoint)!.TrimEnd('/');
        return azure.EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase) ? azure : azure + "/openai/v1";
    }

    /// <summary>The environment's key belongs to the environment's endpoint: an endpoint of the model's own never gets it.</summary>
    private string? Key(string path, ModelOptions options, string chosenBy)
    {
        if (options.ApiKey is not null || options.Endpoint is not null)
        {
            return options.ApiKey;
        }

        var variable = chosenBy == AzureEndpoint ? "AZURE_OPENAI_API_KEY" : "OPENAI_API_KEY";
        var key = Variable(variable);
        if (key is null && (chosenBy == AzureEndpoint || Variable("OPENAI_BASE_URL") is null))
        {
            _mistakes.Add($"{path}:ApiKey or {variable}: this endpoint wants a key.");
        }

        return key;
    }

    private Uri? ParseEndpoint(string path, string provider, string? address)
    {
        if (address is null)
        {
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            _mistakes.Add($"{path}:Endpoint: the address of the model must begin with http:// or https:// and end at the API's version, like http://localhost:8000/v1.");
            return null;
        }

        return provider == ModelProviders.Ollama && uri.AbsolutePath == "/" ? new Uri(uri, "/v1") : uri;
    }

    private string? Variable(string name) => Text(configuration[name]);

    /// <summary>A blank setting is no setting: deployments pass empty variables for parameters that nobody filled in.</summary>
    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static bool IsDefault(string name) => name.Equals(DefaultName, StringComparison.OrdinalIgnoreCase);
}
