using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

/// <summary>Q-02: where nobody sets the limit of the process, it comes from the descriptors, of which a connection needs two.</summary>
public sealed class ProcessLimitsTests
{
    [Theory]
    [InlineData("Max open files            100                  1048576              files     ", 20, 40)]
    [InlineData("Max open files            100                  100                  files     ", 0, 50)]
    [InlineData("Max open files            1024                 524288               files     ", 123, 450)]
    [InlineData("Max open files            100                  100                  files     ", 99, 1)]
    [InlineData("Max open files            100                  100                  files     ", 200, 1)]
    [InlineData("Max open files            unlimited            unlimited            files     ", 20, int.MaxValue)]
    [InlineData("Max processes             100                  100                  processes ", 20, int.MaxValue)]
    public void MaxConnections_is_half_of_the_descriptors_that_are_free(string line, int inUse, int expected) =>
        Assert.Equal(expected, ProcessLimits.MaxConnections(["Limit                     Soft Limit           Hard Limit           Units     ", line], inUse));

    [Fact]
    public void MaxConnections_of_this_process_is_below_half_of_its_descriptors()
    {
        Assert.SkipUnless(File.Exists("/proc/self/limits"), "only Linux tells");
        var most = ProcessLimits.MaxConnections(File.ReadLines("/proc/self/limits"), inUse: 0);

        Assert.InRange(ProcessLimits.MaxConnections(), 1, most == int.MaxValue ? most : most - 1);
    }
}
