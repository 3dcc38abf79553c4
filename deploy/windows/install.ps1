<#
.SYNOPSIS
Registers Kebu as a task that starts with the machine and is started again when it fails.
.EXAMPLE
.\install.ps1 -Program D:\kebu -Config D:\kebu-data\config.toml -User DOMAIN\kebu
.NOTES
Run it as an administrator.  The user needs "Log on as a batch job", and full rights on share and book only.
Write shared folders as \\server\share in the config: a task does not see the drive letters that somebody has mapped.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [string] $Program,
    [Parameter(Mandatory)] [string] $Config,
    [Parameter(Mandatory)] [string] $User,
    [string] $TaskName = "Kebu",
    [string] $Log = (Join-Path (Split-Path -Parent $Config) "kebu.log")
)
$ErrorActionPreference = "Stop"

$python = Join-Path $Program ".venv\Scripts\python.exe"
foreach ($path in @($python, (Join-Path $Program "sync.py"), $Config)) {
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { throw "Not found: $path" }
}

# cmd writes the log: a task has no console.
$command = "/d /s /c `"`"$python`" -X utf8 sync.py --config `"$Config`" watch 2>> `"$Log`"`""
$action = New-ScheduledTaskAction -Execute "$env:SystemRoot\System32\cmd.exe" -Argument $command -WorkingDirectory $Program
$trigger = New-ScheduledTaskTrigger -AtStartup
$settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 999 `
    -RestartInterval (New-TimeSpan -Minutes 1) -MultipleInstances IgnoreNew -StartWhenAvailable `
    -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
$password = Read-Host -AsSecureString "Password of $User"
$credential = [PSCredential]::new($User, $password)

if ($PSCmdlet.ShouldProcess($TaskName, "Register the task")) {
    Register-ScheduledTask -TaskName $TaskName -Action $action -Trigger $trigger -Settings $settings `
        -User $User -Password $credential.GetNetworkCredential().Password -RunLevel Limited -Force | Out-Null
    Start-ScheduledTask -TaskName $TaskName
    Start-Sleep -Seconds 5
    & $python -X utf8 (Join-Path $Program "sync.py") --config $Config status
}
