using System.Reflection;
using Microsoft.SemanticKernel;

namespace AgentPlatform.Executor.Tools.Assemblies;

/// <summary>
/// Tools in assemblies of somebody's own: <c>Tools:Plugins</c> names files, or folders in which each built project counts (an assembly
/// with its <c>.deps.json</c>). Every public class with a <c>[KernelFunction]</c> is a plugin. What cannot be loaded ends the start.
/// </summary>
internal sealed class PluginAssemblies(IConfiguration configuration, PluginServices services, IHostEnvironment? environment = null)
{
    public const string Section = "Tools:Plugins";

    private const string Manifest = ".deps.json";

    /// <exception cref="InvalidOperationException">A file cannot be used; the text names it, and says what to do.</exception>
    public IReadOnlyList<ToolPlugin> Load() =>
        [.. configuration.GetSection(Section).GetChildren().SelectMany(Files).Distinct(StringComparer.Ordinal).SelectMany(PluginsOf)];

    private IEnumerable<string> Files(IConfigurationSection setting)
    {
        var named = setting.Value ?? "";
        var path = Path.GetFullPath(named, environment?.ContentRootPath ?? AppContext.BaseDirectory);
        if (!Path.Exists(path))
        {
            path = Path.GetFullPath(named, AppContext.BaseDirectory);
        }

        if (File.Exists(path))
        {
            return [path];
        }

        if (named.Length == 0 || !Directory.Exists(path))
        {
            throw new InvalidOperationException($"{setting.Path}: there is neither a file nor a folder '{named}'. Name a built assembly, best with its whole path.");
        }

        var built = Directory.EnumerateFiles(path, $"*{Manifest}").Select(file => $"{file[..^Manifest.Length]}.dll").Where(File.Exists).Order(StringComparer.Ordinal).ToList();
        return built.Count > 0
            ? built
            : throw new InvalidOperationException($"{setting.Path}: the folder '{named}' holds no built project. Put an assembly there together with its {Manifest}.");
    }

    private IEnumerable<ToolPlugin> PluginsOf(string file)
    {
        Type[] types;
        try
        {
            types = [.. new PluginLoadContext(file).LoadPlugin().GetExportedTypes().Where(IsPlugin)];
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or ReflectionTypeLoadException or TypeLoadException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"{file} cannot be loaded: {exception.Message} Build it for this version of .NET, and publish it with all its packages (EnableDynamicLoading).", exception);
        }

        if (types.Length == 0)
        {
            throw new InvalidOperationException($"{file} has no tools: none of its public classes has a public method with [KernelFunction].");
        }

        var offered = services.For(Path.GetFileNameWithoutExtension(file));
        return types.Select(type => new ToolPlugin(type, $"{Path.GetFileName(file)} ({type.Name})", () => Make(type, file, offered)));
    }

    private static object Make(Type type, string file, IServiceProvider offered)
    {
        try
        {
            return ActivatorUtilities.CreateInstance(offered, type);
        }
#pragma warning disable CA1031 // A constructor of somebody's own may throw anything; whose it was is what people need to know.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            throw new InvalidOperationException(
                $"{type.FullName} of {file} cannot be made: {cause.Message} A constructor may ask for {PluginServices.Offered}.", cause);
        }
    }

    private static bool IsPlugin(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
        && type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Any(method => method.GetCustomAttribute<KernelFunctionAttribute>() is not null);
}
