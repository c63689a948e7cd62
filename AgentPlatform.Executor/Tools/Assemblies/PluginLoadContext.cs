using System.Reflection;
using System.Runtime.Loader;

namespace AgentPlatform.Executor.Tools.Assemblies;

/// <summary>
/// Where one assembly with tools lives, with the packages it brings. The contract, and what it is made of, is the executor's: types
/// are the same only in one copy.
/// </summary>
internal sealed class PluginLoadContext(string file) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(file))
{
    private readonly AssemblyDependencyResolver _resolver = new(file);

    public Assembly LoadPlugin() => LoadFromAssemblyPath(file);

    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsShared(assemblyName.Name!) || _resolver.ResolveAssemblyToPath(assemblyName) is not { } path ? null : LoadFromAssemblyPath(path);

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : nint.Zero;

    private static bool IsShared(string name) =>
        name is "AgentPlatform.Tools"
        || name.StartsWith("Microsoft.SemanticKernel.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);
}
