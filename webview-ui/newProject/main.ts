/** Entry of the page of a new project. */
import { registerControls } from '../controls';
import '../base.css';
import './styles/page.css';
import { NewProjectPage } from './page';

registerControls();
const page = new NewProjectPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.start();
