using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Documents;

/// <summary>Tells every mistake of the section at once, each with its remedy.</summary>
internal sealed partial class DocumentOptionsValidator : IValidateOptions<DocumentOptions>
{
    public ValidateOptionsResult Validate(string? name, DocumentOptions options)
    {
        var errors = options.Folders.Keys
            .Where(folder => !Name().IsMatch(folder))
            .Select(folder => $"{DocumentOptions.Section}:Folders:{folder}: a folder's name is 1 to 64 of A-Z, a-z, 0-9, _ and -. Rename it.")
            .Concat(options.Tenants.Keys
                .Where(folder => !options.Folders.ContainsKey(folder))
                .Select(folder => $"{DocumentOptions.Section}:Tenants:{folder}: there is no such folder. Set {DocumentOptions.Section}:Folders:{folder} to its path."))
            .ToList();
        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex Name();
}
