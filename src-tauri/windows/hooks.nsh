; Programs that run cannot be replaced: the window first, it stops the services; then what is left of them.
!macro NSIS_HOOK_PREINSTALL
  nsis_tauri_utils::KillProcessCurrentUser "pidentify.exe"
  Pop $0
  Sleep 1500
  nsis_tauri_utils::KillProcessCurrentUser "pidentify-node.exe"
  Pop $0
!macroend

; Runs before every update, too, and is as right there.
!macro NSIS_HOOK_PREUNINSTALL
  nsis_tauri_utils::KillProcessCurrentUser "pidentify.exe"
  Pop $0
  nsis_tauri_utils::KillProcessCurrentUser "pidentify-node.exe"
  Pop $0
!macroend
