/** Entry of the map. */
import { registerControls } from '../controls';
import '../base.css';
import './styles/page.css';
import { MapPage } from './page';

registerControls();
const page = new MapPage(acquireVsCodeApi(), document.getElementById('root') ?? document.body);
void page.start();
